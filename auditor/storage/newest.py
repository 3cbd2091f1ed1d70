"""The newest audits of every model, found without reading the others."""

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auditor.storage.tables import AuditRow


def newest_of_every_model(each: int) -> SelectOfScalar[AuditRow]:
    """Return the query for the newest ``each`` audits of every model, in no order.

    The names of the models are found by jumping along the index from each to the next (a loose index
    scan, which neither database does by itself), and of each model the index is read from its newest
    end: the time goes by the number of models, not by the number of audits.
    """
    names = select(func.min(AuditRow.model).label("name")).cte("names", recursive=True)
    following = select(func.min(AuditRow.model)).where(AuditRow.model > names.c.name).scalar_subquery()
    names = names.union_all(select(following).where(names.c.name.is_not(None)))
    other = aliased(AuditRow)
    oldest = (
        select(other.id)
        .where(other.model == names.c.name, other.state != "abandoned")
        .order_by(col(other.id).desc())
        .offset(each - 1)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(AuditRow)
        .join(names, col(AuditRow.model) == names.c.name)
        .where(AuditRow.state != "abandoned", col(AuditRow.id) >= func.coalesce(oldest, 0))
    )
