"""What a closed vote tells by organization, and who alone states an organization's position; declared residence."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


OWN = "org_id = (select plenary_org())"
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("position_processes", sa.Column("account_id", NUMBER, nullable=True))
    op.add_column("position_processes", sa.Column("spoken_by", sa.String(200), nullable=False, server_default=""))
    op.add_column("electorates", sa.Column("homes", sa.JSON(), nullable=True))
    _residence()
    if op.get_bind().dialect.name == "postgresql":
        for table in ("residence_places", "residences"):
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy own on {table} using ({OWN}) with check ({OWN})")
        op.execute("create policy circle on residence_places for select using (org_id in (select plenary_circle()))")


def _residence() -> None:
    name = "residence_places"
    op.create_table(
        name, *_first(name), sa.Column("name", sa.JSON(), nullable=False), sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("keep_days", NUMBER, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.CheckConstraint("keep_days between 1 and 90", name=op.f(f"ck_{name}_keep_days")),
    )
    name = "residences"
    op.create_table(
        name, *_first(name), sa.Column("place_id", NUMBER, nullable=False), sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("wording", sa.Text(), nullable=False), sa.Column("declared_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["residence_places.id"], name=op.f(f"fk_{name}_place_id")),
        sa.ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], name=op.f(f"fk_{name}_org_id_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("org_id", "place_id", "person_id", name=op.f(f"uq_{name}_org_id_place_id_person_id")),
    )
    op.create_index("ix_residences_org_id_person_id", name, ["org_id", "person_id"])
    with op.batch_alter_table("electorates") as batch:
        batch.add_column(sa.Column("place_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_electorates_place_id"), "residence_places", ["place_id"], ["id"])


def _first(name: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("org_id", NUMBER, autoincrement=False, nullable=False), sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False), sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f(f"fk_{name}_org_id")),
    )


def downgrade() -> None:
    with op.batch_alter_table("electorates") as batch:
        batch.drop_constraint(op.f("fk_electorates_place_id"), type_="foreignkey")
        batch.drop_column("place_id")
    op.drop_table("residences")
    op.drop_table("residence_places")
    op.drop_column("position_processes", "spoken_by")
    op.drop_column("position_processes", "account_id")
    op.drop_column("electorates", "homes")
