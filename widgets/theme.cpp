#include "widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QStyle>
#include <QSvgRenderer>
#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include "core/objective/configuration_colour.h"

// The resources are linked from a static library, which drops them unless they are asked for;
// the macro has to stand outside any namespace.
static void load_resources() { Q_INIT_RESOURCE(resources); }

namespace modescope {
namespace {

constexpr double minimum_point_size = 10;

struct Colours {
    QColor window, bar, card, button, text, secondary, line, accent, tip, shadow;
};

const Colours dark_colours{"#1d2024", "#181a1d", "#141619", "#2a2e34", "#e4e7eb",
                           "#98a0aa", "#33383f", "#3b82f6", "#262a2f", "#0b0c0e"};
const Colours light_colours{"#f3f4f6", "#fbfbfc", "#ffffff", "#ffffff", "#1c2127",
                            "#626b77", "#d5d9df", "#2563eb", "#ffffff", "#9aa2ad"};

QColor mix(const QColor& a, const QColor& b, double share_of_b) {
    const auto blend = [&](double x, double y) { return x + (y - x) * share_of_b; };
    return QColor::fromRgbF(blend(a.redF(), b.redF()), blend(a.greenF(), b.greenF()),
                            blend(a.blueF(), b.blueF()));
}

QPalette make_palette(const Colours& c) {
    using P = QPalette;
    QPalette palette(c.button, c.window);
    for (auto [role, colour] :
         std::initializer_list<std::pair<P::ColorRole, QColor>>{{P::Window, c.window},
                                                                {P::WindowText, c.text},
                                                                {P::Base, c.card},
                                                                {P::AlternateBase, c.bar},
                                                                {P::Text, c.text},
                                                                {P::Button, c.button},
                                                                {P::ButtonText, c.text},
                                                                {P::BrightText, "#ff6b6b"},
                                                                {P::Highlight, c.accent},
                                                                {P::HighlightedText, "#fff"},
                                                                {P::Link, c.accent},
                                                                {P::LinkVisited, c.accent},
                                                                {P::ToolTipBase, c.tip},
                                                                {P::ToolTipText, c.text},
                                                                {P::PlaceholderText, c.secondary},
                                                                {P::Mid, c.line},
                                                                {P::Dark, c.shadow},
                                                                {P::Shadow, c.shadow}})
        palette.setColor(role, colour);
    const QColor faint = mix(c.text, c.window, 0.6);
    for (auto role : {P::WindowText, P::Text, P::ButtonText}) palette.setColor(P::Disabled, role, faint);
    palette.setColor(P::Disabled, P::Highlight, c.line);
    return palette;
}

std::vector<std::pair<QString, QColor>> style_colours(const Colours& c, bool dark) {
    const auto over = [&](double share) { return mix(c.window, c.text, share); };
    return {{"@accenthover", mix(c.accent, Qt::white, dark ? 0.12 : 0.0).darker(dark ? 100 : 112)},
            {"@accentpressed", c.accent.darker(118)},
            {"@accent", c.accent},
            {"@onaccent", Qt::white},
            {"@tint", mix(c.window, c.accent, dark ? 0.24 : 0.14)},
            {"@buttonline", dark ? c.button : c.line},
            {"@button", c.button},
            {"@hover", dark ? over(0.14) : over(0.07)},
            {"@pressed", dark ? over(0.04) : over(0.14)},
            {"@off", over(0.03)},
            {"@chipline", dark ? over(0.12) : c.line},
            {"@chipoff", dark ? over(0.025) : over(0.03)},
            {"@chip", dark ? c.button : mix(c.window, c.text, 0.08)},
            {"@tip", c.tip},
            {"@text", c.text},
            {"@secondary", c.secondary},
            {"@faint", over(0.4)},
            {"@cardline", dark ? mix(c.card, c.text, 0.06) : mix(c.card, c.text, 0.1)},
            {"@card", c.card},
            {"@field", c.card},
            {"@bar", c.bar},
            {"@line", c.line},
            {"@groove", over(0.13)},
            {"@knobline", dark ? QColor("#e4e7eb") : QColor("#a9b1bc")},
            {"@knob", dark ? QColor("#f4f6f8") : QColor("#ffffff")},
            {"@thumbhover", over(0.38)},
            {"@thumb", over(0.22)}};
}

/// A longer name stands before its own beginning in style_colours().
QString style_sheet(const Colours& c, bool dark) {
    QFile file(":/style.qss");
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString sheet = QString::fromUtf8(file.readAll());
    for (const auto& [name, colour] : style_colours(c, dark)) sheet.replace(name, colour.name());
    return sheet;
}

/// The desktop's font; where there is no desktop to name one, Inter rather than the fallback.
QFont interface_font(QFont font) {
    const bool unnamed = font.family().isEmpty() || font.family().startsWith("Sans", Qt::CaseInsensitive);
    if (unnamed && QFontDatabase::hasFamily("Inter")) font.setFamily("Inter");
    if (font.pointSizeF() > 0 && font.pointSizeF() < minimum_point_size)
        font.setPointSizeF(minimum_point_size);
    return font;
}

bool wants_dark(QApplication& app, Scheme scheme) {
    if (scheme != Scheme::System) return scheme == Scheme::Dark;
    app.setPalette(QPalette());  // back to the desktop's own
    return is_dark(app.palette());
}

/// Draws one SVG in the palette's colour of the moment, so that icons outlive a change of scheme.
class LineIcon : public QIconEngine {
public:
    LineIcon(QString name, QPalette::ColorRole role) : name_(std::move(name)), role_(role) {}

    QIconEngine* clone() const override { return new LineIcon(*this); }
    QString iconName() override { return name_; }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, pixmap((QSizeF(rect.size()) * ratio).toSize(), mode, state));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        const QColor colour = stroke_colour(mode, state);
        const QString key = QString("modescope/%1/%2x%3/%4")
                                .arg(name_)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(colour.name(QColor::HexArgb));
        QPixmap result;
        if (QPixmapCache::find(key, &result)) return result;
        result = render(size, colour);
        QPixmapCache::insert(key, result);
        return result;
    }

private:
    QColor stroke_colour(QIcon::Mode mode, QIcon::State state) const {
        const QPalette palette = QGuiApplication::palette();
        const bool enabled = mode != QIcon::Disabled;
        QColor colour = palette.color(enabled && state == QIcon::On ? QPalette::Highlight : role_);
        if (!enabled) colour.setAlphaF(0.4);
        return colour;
    }

    QPixmap render(const QSize& size, const QColor& colour) const {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QFile file(QString(":/icons/%1.svg").arg(name_));
        if (!file.open(QIODevice::ReadOnly)) {
            qWarning("There is no icon named %s", qUtf8Printable(name_));
            return result;
        }
        QSvgRenderer svg(file.readAll().replace("currentColor", colour.name().toUtf8()));
        svg.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&result);
        painter.setOpacity(colour.alphaF());
        svg.render(&painter);
        return result;
    }

    QString name_;
    QPalette::ColorRole role_;
};

/// A rounded square at the left of its room.
class SwatchIcon : public QIconEngine {
public:
    /// `corner`: radius as a share of the side, 0.5 makes a dot.
    SwatchIcon(QColor colour, double corner) : colour_(colour), corner_(corner) {}

    QIconEngine* clone() const override { return new SwatchIcon(*this); }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, result.rect(), mode, state);
        return result;
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const double side = std::min(rect.width(), rect.height());
        const QRectF square(rect.left(), rect.top() + (rect.height() - side) / 2, side, side);
        const bool dark = is_dark(QGuiApplication::palette());
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setOpacity(mode == QIcon::Disabled ? 0.4 : 1);
        // A rim, because a class may have the background's own colour.
        painter->setPen(QPen(dark ? QColor(255, 255, 255, 60) : QColor(0, 0, 0, 60), side / 12));
        painter->setBrush(colour_);
        const QRectF inner = square.adjusted(side / 24, side / 24, -side / 24, -side / 24);
        painter->drawRoundedRect(inner, side * corner_, side * corner_);
    }

private:
    QColor colour_;
    double corner_;
};

}  // namespace

void apply_theme(QApplication& app, Scheme scheme) {
    load_resources();
    if (!app.style()->inherits("QFusionStyle")) app.setStyle("Fusion");
    app.setFont(interface_font(app.font()));
    const bool dark = wants_dark(app, scheme);
    const Colours& colours = dark ? dark_colours : light_colours;
    app.setPalette(make_palette(colours));
    app.setStyleSheet(style_sheet(colours, dark));
}

bool is_dark(const QPalette& palette) {
    return palette.color(QPalette::WindowText).lightnessF() > palette.color(QPalette::Window).lightnessF();
}

QColor configuration_colour(const QString& id) {
    const auto colour = colours_of_configuration(id.toStdString());
    const auto& [red, green, blue] =
        is_dark(QGuiApplication::palette()) ? colour.on_dark : colour.on_light;
    return {red, green, blue};
}

QIcon icon(const QString& name, QPalette::ColorRole role) {
    load_resources();
    return QIcon(new LineIcon(name, role));
}

QIcon swatch(const QColor& colour) { return QIcon(new SwatchIcon(colour, 0.25)); }

QIcon dot(const QColor& colour) { return QIcon(new SwatchIcon(colour, 0.5)); }

}  // namespace modescope
