"""The drawn family tree, in the usual signs of a genogram: square, circle, diamond, and lines between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF, QResizeEvent

from familydesk.core.i18n import _
from familydesk.core.show import show_choice
from familydesk.records.family_member import FamilyRole
from familydesk.records.kinship import KinshipKind
from familydesk.records.person import Sex
from familydesk.ui.special.drawing import Drawing, Spot
from familydesk.ui.special.tree_layout import Standing, stand
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.family_page import Member
    from familydesk.services.family_tree import Union

SIGN, COLUMN, ROW, EDGE = 36, 112, 118, 6
UNREGISTERED = (KinshipKind.PARTNER, KinshipKind.FORMER_PARTNER, None)


class FamilyTree(Drawing):
    """Shows members; pressing one opens the person. Too wide a tree is drawn smaller."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Family tree"))
        self.place = place
        self.members: dict[UUID, Member] = {}
        self.unions: Sequence[Union] = ()
        self.standing = Standing({}, {})
        self.ratio = 1.0
        self.column, self.row = float(place.theme.px(COLUMN)), float(place.theme.px(ROW))
        self.setMinimumHeight(place.theme.px(80))

    def show_family(self, members: Sequence[Member], unions: Sequence[Union]) -> None:
        """Draw these people and ties."""
        self.members = {member.person_id: member for member in members}
        self.unions = unions
        self.standing = stand(members, unions)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fitted to another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def draw(self, painter: QPainter) -> None:
        """Lines first, signs over them, names under them."""
        painter.save()
        painter.scale(self.ratio, self.ratio)
        for at, union in enumerate(self.unions):
            self._draw_union(painter, union, at)
        for member in self.members.values():
            self._draw_member(painter, member)
        painter.restore()

    # Laying out

    def _arrange(self) -> None:
        px = self.theme.px
        self.column, self.row = self._room()
        needed = self.standing.width * self.column
        self.ratio = min(1.0, max(1, self.width()) / needed)
        self.shift = max(0.0, (self.width() / self.ratio - needed) / 2)
        self.setFixedHeight(round((self.standing.height * self.row + px(4)) * self.ratio))
        self.placed([self._spot(member) for member in self.members.values()])

    def _room(self) -> tuple[float, float]:
        """The width of a column and the height of a row: as wide as the longest word that tells somebody's side, and as
        high as all words of it.
        """
        px, metrics = self.theme.px, QFontMetricsF(self.face())
        sides = {side_word(member) for member in self.members.values() if member.offender or member.victim}
        longest = max((metrics.horizontalAdvance(word) for words in sides for word in words.split()), default=0.0)
        wide = max(float(px(COLUMN)), longest + 2 * px(EDGE))
        lines = max((len(broken(words, metrics, wide - px(EDGE))) for words in sides), default=1)
        return wide, px(ROW) + (lines - 1) * metrics.lineSpacing()

    def _spot(self, member: Member) -> Spot:
        area = self._sign(member.person_id)
        scaled = QRectF(area.topLeft() * self.ratio, area.size() * self.ratio)
        return Spot(scaled, told(member), self._opener(member.person_id))

    def _opener(self, person_id: UUID) -> Callable[[], None]:
        return lambda: self.place.open_record("person", person_id)

    def _centre(self, person_id: UUID) -> QPointF:
        px = self.theme.px
        x = (self.standing.columns[person_id] + 0.5) * self.column + self.shift
        return QPointF(x, self.standing.rows[person_id] * self.row + px(SIGN) / 2 + px(22))

    def _sign(self, person_id: UUID) -> QRectF:
        centre, half = self._centre(person_id), self.theme.px(SIGN) / 2
        return QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)

    # Lines

    def _draw_union(self, painter: QPainter, union: Union, at: int) -> None:
        parents = [one for one in union.parents if one in self.members]
        children = [one for one in union.children if one in self.members]
        if not parents:
            return
        points = sorted((self._centre(one) for one in parents), key=lambda point: point.x())
        down = self._draw_couple(painter, union, points, at) if len(points) == 2 else points[0]
        if children:
            self._draw_children(painter, down, [self._centre(child) for child in children], at)

    def _draw_couple(self, painter: QPainter, union: Union, ends: list[QPointF], at: int) -> QPointF:
        """The line between two parents; gives back where the line to their children leaves it."""
        style = Qt.PenStyle.DashLine if union.kind in UNREGISTERED else Qt.PenStyle.SolidLine
        painter.setPen(self.pen("muted", 1.2, style))
        left, right = ends
        middle = QPointF((left.x() + right.x()) / 2, left.y())
        if right.x() - left.x() > self.column * 1.6:
            # Somebody stands between them: the line passes over the row.
            drop = self.theme.px(SIGN / 2 + 6 + 4 * (at % 3))
            over = [left, QPointF(left.x(), left.y() - drop), QPointF(right.x(), left.y() - drop), right]
            painter.drawPolyline(QPolygonF(over))
            middle.setY(left.y() - drop)
        else:
            painter.drawLine(left, right)
        if union.kind is not None and not union.together:
            self._draw_parted(painter, middle)
        return middle

    def _draw_parted(self, painter: QPainter, middle: QPointF) -> None:
        reach = self.theme.px(9)
        painter.setPen(self.pen("muted", 1.5))
        painter.drawLine(middle + QPointF(-reach * 0.8, reach), middle + QPointF(-reach * 0.0, -reach))
        painter.setPen(self.ink("muted"))
        words = _("parted")
        metrics = QFontMetricsF(self.face())
        painter.drawText(middle + QPointF(-metrics.horizontalAdvance(words) / 2, -self.theme.px(14)), words)

    def _draw_children(self, painter: QPainter, down: QPointF, children: list[QPointF], at: int) -> None:
        painter.setPen(self.pen("muted", 1.2))
        half = self.theme.px(SIGN) / 2
        level = min(child.y() for child in children) - half - self.theme.px(14 + 4 * (at % 3))
        painter.drawLine(down, QPointF(down.x(), level))
        places = [down.x(), *(child.x() for child in children)]
        painter.drawLine(QPointF(min(places), level), QPointF(max(places), level))
        for child in children:
            painter.drawLine(QPointF(child.x(), level), QPointF(child.x(), child.y() - half))

    # People

    def _draw_member(self, painter: QPainter, member: Member) -> None:
        area = self._sign(member.person_id)
        painter.setBrush(self.ink("tint" if member.victim else "surface"))
        color = "overdue" if member.offender else "primary" if member.victim else "muted"
        painter.setPen(self.pen(color, 2 if color != "muted" else 1.4))
        self._draw_sign(painter, member.sex, area)
        if member.place is FamilyRole.CLIENT:
            inset = self.theme.px(4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.pen(color, 1))
            self._draw_sign(painter, member.sex, area.adjusted(inset, inset, -inset, -inset))
        self._draw_words(painter, member, area)

    def _draw_sign(self, painter: QPainter, sex: Sex | None, area: QRectF) -> None:
        if sex is Sex.FEMALE:
            painter.drawEllipse(area)
        elif sex is Sex.MALE:
            painter.drawRect(area)
        else:
            centre = area.center()
            sides = (area.top(), area.right(), area.bottom(), area.left())
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(centre.x(), sides[0]),
                        QPointF(sides[1], centre.y()),
                        QPointF(centre.x(), sides[2]),
                        QPointF(sides[3], centre.y()),
                    ]
                )
            )

    def _draw_words(self, painter: QPainter, member: Member, area: QRectF) -> None:
        metrics = QFontMetricsF(self.face())
        widest = self.column - self.theme.px(EDGE)
        name = f"{member.given}, {member.age}" if member.age is not None else member.given
        lines = [(name, "text")]
        if member.offender or member.victim:
            side = "overdue" if member.offender else "primary"
            lines += [(words, side) for words in broken(side_word(member), metrics, widest)]
        # A line from the parents' couple may run through: the words keep their own ground.
        for at, (words, color) in enumerate(lines):
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, widest)
            width = metrics.horizontalAdvance(shown)
            top = area.bottom() + self.theme.px(4) + at * metrics.lineSpacing()
            box = QRectF(area.center().x() - width / 2 - 2, top, width + 4, metrics.lineSpacing())
            painter.fillRect(box, self.ink("surface"))
            painter.setPen(self.ink(color))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


def broken(words: str, metrics: QFontMetricsF, widest: float) -> list[str]:
    """The words in lines no wider than `widest`, unless a single word is."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > widest:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def side_word(member: Member) -> str:
    """Which side of an incident the person stood on; on both, if so."""
    if member.offender and member.victim:
        return _("victim and offender")
    return _("offender") if member.offender else _("victim")


def told(member: Member) -> str:
    """A member in one line, for a tool tip and a screen reader."""
    age = _("{age} years old").format(age=member.age) if member.age is not None else ""
    place = show_choice(member.place) if member.place else ""
    side = side_word(member) if member.offender or member.victim else ""
    return ", ".join(part for part in (member.name, age, place, side) if part)
