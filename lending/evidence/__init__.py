"""Evidence: what each product asks for, and the papers that an application came with."""
