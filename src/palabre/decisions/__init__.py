"""Whatever touches money, access or reputation: rule, evidence, who, how to contest."""
