"""What each happening does to the case of a scenario, in the order and by the rules of the stages' own actions."""
