"""The check of a phone's owner with its network, as the KYC Match interface of CAMARA (GSMA)."""
