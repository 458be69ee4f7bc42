"""The square by which somebody is paid: KE-QR payloads, made and read."""
