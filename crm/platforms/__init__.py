"""Platforms: the text that an assembly writes together, plank by plank, in each of its languages.

Words. A *platform* belongs to the organization or coalition that writes it. A *plank* is one demand; its text lives
in numbered *versions* that are never changed. An *amendment* is what a partner proposes: to change a plank, to add
one (a proposal, for instance from a table of an assembly) or to strike one. A *position* is where an organization
stands on a plank. An *edition* is a frozen text with a hash, and the only thing that is ever voted on.

States. Platform: drafting -> frozen -> ratified, and back to drafting to go on writing; editions stay. Plank: draft
(not yet part of the text) -> in -> struck, and back. Amendment: proposed -> adopted | refused | withdrawn.

Who may. The owner writes, decides amendments and freezes. Partners (live members of the owner's coalition) read,
propose amendments, comment, and state their own position. A ratified and published platform is readable by everyone.
"""
