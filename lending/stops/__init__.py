"""The stop of lending: one officer stops new loans at once, two persons let them go on."""
