"""Scenarios: small stories of cases, written as data beside a rulebook, and told with the rules of the stages."""
