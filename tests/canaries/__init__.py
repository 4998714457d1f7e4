"""A word nobody else uses in every protected compartment, and a crawler that looks for them everywhere."""
