"""Making and changing concepts: members with weights and dates, and the rule that finds their posts."""
