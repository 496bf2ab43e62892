"""The living demonstration: the coalition Common Table in Port Callan, its seven organizations, three thousand people, a year.

Every person, place and organization is invented. It is built by the same actions that its users press.
"""

DEMO_EMAIL = "imani@southbank.example"
DEMO_PASSWORD = "open the doors wide"  # noqa: S105 - printed on the sign-in page of the demonstration
