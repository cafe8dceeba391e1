#include "widgets/toy_panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr auto narrow_space = u'\u202f';

/// 1200 as "1 200".
QString grouped(std::int64_t number) {
    QString digits = QString::number(number);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) digits.insert(at, narrow_space);
    return digits;
}

QString decimals(double value, int count) {
    return std::isfinite(value) ? QString::number(value, 'f', count) : QStringLiteral("–");
}

QFont scaled(QFont font, double factor) {
    if (font.pixelSize() > 0)
        font.setPixelSize(qRound(font.pixelSize() * factor));
    else
        font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

/// The next raster size to render the density at: coarse steps, so that a live resize rarely renders.
QSize stepped(QSizeF size) {
    constexpr int step = 64;
    return QSize(static_cast<int>(std::ceil(size.width() / step)) * step,
                 static_cast<int>(std::ceil(size.height() / step)) * step);
}

}  // namespace

/// The disc in the configuration's colour before its name.
class ColourDot : public QWidget {
public:
    explicit ColourDot(QWidget* parent) : QWidget(parent) { setFixedSize(10, 10); }

    void set_colour(const QColor& colour) {
        colour_ = colour;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour_);
        painter.drawEllipse(rect());
    }

private:
    QColor colour_;
};

/// "name 0.041" with every digit in a cell of one width, because Qt 6.4 cannot ask a font for its tabular
/// numbers and proportional ones jitter while they change.
class NumberLabel : public QLabel {
public:
    NumberLabel(const QString& name, const QString& short_name, const QString& explanation, QWidget* parent)
        : QLabel(parent), name_(name), short_name_(short_name) {
        setToolTip(explanation);
        set_value(QStringLiteral("–"));
    }

    void set_value(const QString& value) {
        if (value == value_) return;
        const bool resized = value.size() != value_.size();
        value_ = value;
        setText(QStringLiteral("%1 %2").arg(name_, value_));  // for screen readers
        if (resized) updateGeometry();
    }

    void set_short(bool is_short) {
        short_ = is_short;
        updateGeometry();
        update();
    }

    int width_with(bool is_short) const {
        const QString& name = is_short ? short_name_ : name_;
        double width = name.isEmpty() ? 0 : fontMetrics().horizontalAdvance(name) + space::s;
        for (const QChar c : value_) width += cell(c);
        return static_cast<int>(std::ceil(width)) + 1;
    }

    QSize sizeHint() const override { return {width_with(short_), fontMetrics().height() + 2}; }
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const QString& name = short_ ? short_name_ : name_;
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setPen(palette().color(QPalette::WindowText));
        double x = name.isEmpty() ? 0 : fontMetrics().horizontalAdvance(name) + space::s;
        for (const QChar c : value_) {
            painter.drawText(QRectF(x, 0, cell(c), height()), Qt::AlignCenter | Qt::TextDontClip, c);
            x += cell(c);
        }
    }

private:
    double cell(QChar c) const { return fontMetrics().horizontalAdvance(c.isDigit() ? QChar(u'0') : c); }

    QString name_, short_name_, value_;
    bool short_ = false;
};

/// The plot: paints, and moves the slice by mouse and arrow keys.
class ToyCanvas : public QWidget {
public:
    explicit ToyCanvas(ToyPanel& panel) : QWidget(&panel), panel_(panel) {
        setObjectName(QStringLiteral("plot"));
        setFocusPolicy(Qt::TabFocus);
        setMouseTracking(true);
        setMinimumHeight(90);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
        setToolTip(
            ToyPanel::tr("Each dot is one sample ỹ = G(x, z) at a random x; the glow is the true density "
                         "p(y|x). Drag to choose the x of the slice."));
    }

    void set_truth(ToyTruth truth) {
        truth_ = std::move(truth);
        forget_truth();
    }
    /// Renders the density anew at the next paint, for instance in another palette's ink.
    void forget_truth() {
        rendered_ = QSize();
        update();
    }

    ToyPlot plot;
    QString status;

protected:
    QSize sizeHint() const override { return {300, 250}; }

    void paintEvent(QPaintEvent*) override {
        render_truth();
        QPainter painter(this);
        paint_toy_plot(painter, rect(), plot, palette());
        if (!status.isEmpty()) paint_status(painter);
        if (hasFocus()) paint_focus(painter);
    }

    /// The arrow keys move the slice, whatever else the page uses them for.
    bool event(QEvent* event) override {
        if (event->type() == QEvent::ShortcutOverride) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key == Qt::Key_Left || key == Qt::Key_Right) event->accept();
        }
        return QWidget::event(event);
    }

    void focusInEvent(QFocusEvent* event) override {
        QWidget::focusInEvent(event);
        emit panel_.activated();
    }

    void mousePressEvent(QMouseEvent* event) override {
        event->ignore();  // the panel wants to know, too
        if (event->button() == Qt::LeftButton) move_slice(toy_x_at(plane(), event->position().x()));
    }

    void mouseMoveEvent(QMouseEvent* event) override {
        if (event->buttons() & Qt::LeftButton) move_slice(toy_x_at(plane(), event->position().x()));
        const bool near = plot.slice && std::abs(slice_position() - event->position().x()) < 6;
        setCursor(near ? Qt::SplitHCursor : Qt::ArrowCursor);
    }

    void keyPressEvent(QKeyEvent* event) override {
        const double step = event->key() == Qt::Key_Left ? -0.02 : event->key() == Qt::Key_Right ? 0.02 : 0.0;
        if (step == 0.0) return QWidget::keyPressEvent(event);
        move_slice(std::clamp<double>(plot.slice.value_or(0) + step, ToyView::x_min, ToyView::x_max));
    }

private:
    QRectF plane() const { return toy_plane(rect()); }
    double slice_position() const { return toy_to_plane(plane(), *plot.slice, 0).x(); }

    void move_slice(double x) {
        if (plot.slice == x) return;
        plot.slice = x;
        update();
        emit panel_.slice_moved(x);
    }

    void render_truth() {
        const QSize wanted = stepped(plane().size());
        if (wanted == rendered_) return;
        rendered_ = wanted;
        plot.truth = truth_image(truth_, wanted, is_dark(palette()));
    }

    void paint_status(QPainter& painter) {
        painter.setFont(scaled(font(), 0.85));
        const QFontMetrics metrics = painter.fontMetrics();
        const QRect room = plane().toRect().adjusted(space::s, 0, -space::s, -space::m);
        const QString shown = metrics.elidedText(status, Qt::ElideRight, room.width() - 2 * space::m);
        QRect pill(0, 0, metrics.horizontalAdvance(shown) + 2 * space::m, metrics.height() + space::s);
        pill.moveBottomLeft(room.bottomLeft());
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(palette().color(QPalette::Mid));
        painter.setBrush(palette().color(QPalette::Window));
        painter.drawRoundedRect(pill, pill.height() / 2.0, pill.height() / 2.0);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(pill, Qt::AlignCenter, shown);
    }

    void paint_focus(QPainter& painter) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(plane().adjusted(-1, -1, 1, 1), 3, 3);
    }

    ToyPanel& panel_;
    ToyTruth truth_;
    QSize rendered_;
};

ToyPanel::ToyPanel(const QString& id, const QString& label, const QString& formula, QWidget* parent)
    : QFrame(parent), id_(id), description_due_(new QTimer(this)) {
    setProperty("card", true);
    setMinimumSize(200, 180);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::m, space::s, space::m, space::s);
    layout->setSpacing(0);
    layout->addLayout(build_header());
    layout->addWidget(canvas_ = new ToyCanvas(*this), 1);
    layout->addLayout(build_footer());
    description_due_->setSingleShot(true);
    connect(description_due_, &QTimer::timeout, this, [this] {
        if (description_stale_) describe();
    });
    set_heading(label, formula);
    restyle();
}

QLayout* ToyPanel::build_header() {
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("close"));
    close->setProperty("flat", true);
    close->setAutoRaise(true);
    close->setIcon(icon(QStringLiteral("close")));
    close->setIconSize(QSize(12, 12));
    close->setFixedSize(22, 22);
    close->setStyleSheet(
        QStringLiteral("padding: 3px"));  // the theme's padding would leave the cross no room
    close->setToolTip(tr("Take this configuration off the page."));
    connect(close, &QToolButton::clicked, this, &ToyPanel::close_requested);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(dot_ = new ColourDot(this));
    row->addWidget(name_ = new QLabel(this), 1);
    row->addWidget(close);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(formula_ = new QLabel(this));
    // A long formula must not widen the card.
    for (QLabel* label : {name_, formula_})
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return column;
}

QLayout* ToyPanel::build_footer() {
    w1_ = new NumberLabel(
        tr("W₁"), tr("W₁"),
        tr("Wasserstein-1: how far the samples must move on average to become the truth; 0 is perfect."),
        this);
    minor_ = new NumberLabel(
        tr("minor mode"), tr("minor"),
        tr("Share of samples on the rarest branch, where there are several: of two, 0.5 is perfect; 0 means "
           "that one is lost."),
        this);
    valid_ = new NumberLabel(
        tr("valid"), tr("valid"),
        tr("Share of samples that lie on any branch, within three standard deviations; 1 is perfect."), this);
    step_ = new NumberLabel(tr("step"), QString(), tr("Training steps of the generator so far."), this);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(w1_);
    for (NumberLabel* label : {minor_, valid_, step_}) {
        row->addStretch(1);
        row->addWidget(label);
    }
    return row;
}

void ToyPanel::set_heading(const QString& label, const QString& formula) {
    name_->setText(label);
    formula_->setText(formula);
    formula_->setVisible(!formula.isEmpty());
    formula_->setToolTip(tr("What this generator minimises: %1").arg(formula));
    setAccessibleName(label);
    findChild<QToolButton*>(QStringLiteral("close"))->setAccessibleName(tr("Close %1").arg(label));
    canvas_->setAccessibleName(tr("Samples of %1 against the truth").arg(label));
}

void ToyPanel::set_truth(ToyTruth truth) { canvas_->set_truth(std::move(truth)); }

void ToyPanel::set_layers(const ToyLayers& layers) {
    if (layers == canvas_->plot.layers) return;
    canvas_->plot.layers = layers;
    canvas_->update();
}

void ToyPanel::set_slice(std::optional<double> x) {
    if (x == canvas_->plot.slice) return;
    canvas_->plot.slice = x;
    canvas_->update();
}

void ToyPanel::set_view(std::shared_ptr<const ToyView> view) {
    canvas_->plot.view = std::move(view);
    canvas_->update();
    if (canvas_->plot.view) show_score(*canvas_->plot.view);
    describe_soon();
}

void ToyPanel::set_status(const QString& status) {
    if (status == canvas_->status) return;
    canvas_->status = status;
    canvas_->update();
    describe_soon();
}

void ToyPanel::set_selected(bool selected) {
    if (selected == selected_) return;
    selected_ = selected;
    update();
}

ToyPlot ToyPanel::plot() const { return canvas_->plot; }

void ToyPanel::show_score(const ToyView& view) {
    w1_->set_value(decimals(view.score.w1, 3));
    minor_->set_value(decimals(view.score.minor_mode, 2));
    valid_->set_value(decimals(view.score.valid, 2));
    step_->set_value(grouped(view.step));
    fit_footer();
}

/// Shortens the names, then leaves one number out, when the card is too narrow for all.
void ToyPanel::fit_footer() {
    const auto needed = [&](bool is_short) {
        int width = 3 * space::m;
        for (const NumberLabel* label : {w1_, minor_, valid_, step_}) width += label->width_with(is_short);
        return width;
    };
    const int room = width() - 2 * space::m;
    const bool is_short = needed(false) > room;
    for (NumberLabel* label : {w1_, minor_, valid_, step_}) label->set_short(is_short);
    valid_->setVisible(needed(true) <= room);
}

void ToyPanel::restyle() {
    name_->setFont([this] {
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        return bold;
    }());
    formula_->setFont(scaled(font(), 0.85));
    formula_->setForegroundRole(QPalette::PlaceholderText);
    for (NumberLabel* label : {w1_, minor_, valid_, step_}) label->setFont(scaled(font(), 0.9));
    canvas_->plot.colour = configuration_colour(id_);
    dot_->set_colour(canvas_->plot.colour);
    canvas_->forget_truth();
}

QString ToyPanel::figures() const {
    const auto& view = canvas_->plot.view;
    if (!view) return {};
    return tr("W₁ %1 · minor %2 · valid %3 · step %4")
        .arg(decimals(view->score.w1, 3), decimals(view->score.minor_mode, 2), decimals(view->score.valid, 2),
             grouped(view->step));
}

void ToyPanel::describe_soon() {
    description_stale_ = true;
    if (!description_due_->isActive()) describe();
}

/// A screen reader hears at most one change a second.
void ToyPanel::describe() {
    QStringList parts;
    if (!canvas_->status.isEmpty()) parts << canvas_->status;
    if (const auto& view = canvas_->plot.view)
        parts << tr("Step %1. Wasserstein-1 %2, minor mode %3, valid %4.")
                     .arg(view->step)
                     .arg(decimals(view->score.w1, 3), decimals(view->score.minor_mode, 2),
                          decimals(view->score.valid, 2));
    setAccessibleDescription(parts.join(QChar(u' ')));
    canvas_->setAccessibleDescription(accessibleDescription());
    description_stale_ = false;
    description_due_->start(1000);
}

void ToyPanel::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    restyle_on_change(this, *event, [this] { restyle(); });
}

void ToyPanel::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) emit activated();
}

void ToyPanel::paintEvent(QPaintEvent* event) {
    QFrame::paintEvent(event);
    if (!selected_) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor rim = canvas_->plot.colour;
    rim.setAlphaF(0.75f);
    painter.setPen(QPen(rim, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 8, 8);
}

void ToyPanel::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    fit_footer();
}

}  // namespace modescope
