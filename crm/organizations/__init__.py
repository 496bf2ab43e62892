"""Organizations (base-building, union, faith, coalition …), their chapters, and who is a live member of which coalition.

A coalition is an organization with coalition memberships; a chapter is an organization with a parent.
"""
