"""Access: logins, devices, PINs and the one-time codes that authorise a deed."""
