"""KYC: what each tier asks for, what a customer told and sent, and how a tier moves."""
