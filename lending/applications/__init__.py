"""Applications: what somebody asks to borrow, kept until it is answered, taken or left."""
