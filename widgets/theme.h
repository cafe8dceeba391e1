#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QSize>
#include <QString>

class QApplication;

namespace modescope {

/// Which of the two palettes the program wears; System asks the desktop.
enum class Scheme { Light, Dark, System };

/// The 4/8 pixel grid: every margin and gap is one of these (device-independent pixels).
namespace space {
inline constexpr int s = 4;
inline constexpr int m = 8;
inline constexpr int l = 16;
}  // namespace space

/// Sets Fusion, the palette, the font and the style sheet. May be called again at any time to switch.
///
/// Palette roles: Window = page, AlternateBase = bars, Base = cards, Mid = hairlines,
/// Button = raised chrome, Highlight = the one accent, PlaceholderText = secondary text.
///
/// The style sheet looks at dynamic properties, set to true before the widget is first shown:
/// `primary` (QPushButton: the page's main action), `chip`, `nav`, `tool` and `heading` (QToolButton:
/// small toggle, top navigation, square icon tool, what folds a section), `flat` (any button: no
/// background until hovered), `card` and `bar` (QFrame: content and chrome), `secondary`, `heading` and
/// `title` (QLabel).
void apply_theme(QApplication& app, Scheme scheme);

/// Whether text is lighter than its background.
bool is_dark(const QPalette& palette);

/// The colour of a loss configuration ("gan", "l2", "gan+pmr2", …) in charts, panels and tiles.
/// Okabe–Ito, nudged for contrast with the application's current palette; an unknown id gets a
/// colour derived from its text, the same in every session.
QColor configuration_colour(const QString& id);

/// The line icon ":/icons/NAME.svg", drawn sharp at any size in the application's text colour of
/// `role`, faded when disabled and in the accent when checked. Follows later palette changes.
/// On a primary button pass QPalette::HighlightedText.
QIcon icon(const QString& name, QPalette::ColorRole role = QPalette::ButtonText);

/// A colour as a little square (a class) or dot (a configuration), for chips and lists. The icon
/// size to set includes the gap to the text.
QIcon swatch(const QColor& colour);
QIcon dot(const QColor& colour);
inline constexpr QSize swatch_size{17, 12};

}  // namespace modescope
