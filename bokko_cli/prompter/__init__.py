"""Who answers: a person at a terminal, or nobody."""
