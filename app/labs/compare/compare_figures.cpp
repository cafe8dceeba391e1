#include "app/labs/compare/compare_figures.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/labs/compare/compare_source.h"
#include "app/labs/compare/figure_table.h"
#include "app/labs/page_action.h"
#include "app/labs/time_text.h"
#include "widgets/chart.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int usual_conditions = 64, usual_samples = 32;
constexpr int listed_differences = 32;
constexpr int condition_role = Qt::UserRole + 1;

QString time_left(double seconds) {
    return seconds < 0 ? QString() : CompareFigures::tr("%1 left").arg(time_text(std::max(1.0, seconds)));
}

/// "n = 17 of 64".
QString measured_inputs(const Measured& measured) {
    if (measured.estimates.empty()) return {};
    std::size_t least = measured.comparison.conditions;
    for (const auto& rows : measured.comparison.rows) least = std::min(least, rows.size());
    const int all = measured.comparison.conditions;
    if (static_cast<int>(least) == all) return CompareFigures::tr("n = %1").arg(all);
    return CompareFigures::tr("n = %1 of %2").arg(least).arg(all);
}

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("heading", true);
    return label;
}

/// Shows the ids that there are, keeping what was chosen; an open list stays open while they are the same.
void set_choices(QComboBox* box, const std::vector<std::pair<QString, QString>>& choices) {
    bool same = box->count() == static_cast<int>(choices.size());
    for (int i = 0; same && i < box->count(); ++i) same = box->itemData(i).toString() == choices[i].first;
    if (same) return;
    const QString chosen = box->currentData().toString();
    const QSignalBlocker quiet(box);
    box->clear();
    for (const auto& [id, name] : choices) box->addItem(name, id);
    box->setCurrentIndex(std::max(0, box->findData(chosen)));
}

}  // namespace

CompareFigures::CompareFigures(QWidget* parent) : QWidget(parent), table_(new FigureTable(this)) {
    auto* parts = new QSplitter(Qt::Horizontal, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(space::m);
    parts->addWidget(table_);
    parts->addWidget(build_curve());
    parts->addWidget(build_differences());
    // In a small window the list gives way first; of the table, the names and two columns stay.
    constexpr int least_table = 420;
    table_->setMinimumWidth(least_table);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setStretchFactor(2, 1);
    parts->setSizes({760, 300, 260});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(build_head());
    layout->addWidget(parts, 1);
    clear();
}

// --- Parts ---

QSpinBox* CompareFigures::make_number(const char* id, const QString& prefix, const QString& name,
                                      const QString& help, int least, int most, int value) {
    auto* box = new QSpinBox(this);
    box->setObjectName(QLatin1String(id));
    box->setRange(least, most);
    box->setValue(value);
    box->setPrefix(prefix);
    box->setAccessibleName(name);
    box->setToolTip(help);
    box->setKeyboardTracking(false);
    connect(box, &QSpinBox::valueChanged, this, &CompareFigures::numbers_changed);
    return box;
}

QWidget* CompareFigures::build_head() {
    auto* head = new QWidget(this);
    conditions_ = make_number("compare.inputs", tr("inputs  "), tr("Inputs to measure on"),
                              tr("On how many held-out inputs the figures are measured: more inputs, "
                                 "narrower intervals."),
                              2, most_inputs, usual_conditions);
    samples_ = make_number("compare.samples", tr("K  "), tr("Samples of each input"),
                           tr("How many samples of each input are measured."), 2, 256, usual_samples);
    progress_ = new QProgressBar(head);
    progress_->setRange(0, 1000);
    progress_->setAccessibleName(tr("Measured so far"));
    progress_->setMaximumWidth(200);
    left_ = new QLabel(head);
    left_->setProperty("secondary", true);
    // The button beside it keeps its place while the time changes.
    left_->setMinimumWidth(left_->fontMetrics().horizontalAdvance(time_left(59 * 60)));
    progress_->setTextVisible(false);
    progress_->setObjectName("compare.progress");
    button_ = new QPushButton(head);
    button_->setObjectName("compare.measure");
    lpips_ = new QLabel(head);
    lpips_->setProperty("secondary", true);
    lpips_->setToolTip(
        tr("Which net and version the perceptual distance is of, and which pairs of samples "
           "are compared."));
    lpips_button_ = new QPushButton(tr("LPIPS weights…"), head);
    lpips_button_->setObjectName("compare.lpips");
    lpips_button_->setProperty("flat", true);
    lpips_button_->setFocusPolicy(Qt::TabFocus);
    lpips_button_->setToolTip(
        tr("Choose the weights of a perceptual distance (.safetensors), to measure how diverse the samples "
           "are for the eye."));
    for (auto* button : {button_, lpips_button_}) take_space(button);
    auto* lpips = add_command(this, {"compare.lpips", {}, lpips_button_->text(), lpips_button_->toolTip()},
                              [this] { emit lpips_requested(); });
    connect(lpips_button_, &QPushButton::clicked, lpips, &QAction::trigger);
    button_->setFocusPolicy(Qt::TabFocus);
    button_->setAccessibleName(tr("Measuring"));
    auto* measure = add_command(
        this,
        {"compare.measure", {}, tr("Measure, or stop measuring"), tr("Measure the figures of all rows.")},
        [this] {
            emit(this->*(measured_.running ? &CompareFigures::stop_requested
                                           : &CompareFigures::start_requested))();
        });
    connect(button_, &QPushButton::clicked, measure, &QAction::trigger);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addWidget(heading(tr("Figures with 95 % intervals"), head));
    for (QWidget* widget :
         {static_cast<QWidget*>(conditions_), static_cast<QWidget*>(samples_),
          static_cast<QWidget*>(progress_), static_cast<QWidget*>(left_), static_cast<QWidget*>(button_)})
        row->addWidget(widget);
    row->addStretch(1);
    row->addWidget(lpips_);
    row->addWidget(lpips_button_);
    return head;
}

QWidget* CompareFigures::build_curve() {
    auto* part = new QWidget(this);
    curve_ = new QComboBox(part);
    curve_->setObjectName("compare.curve");
    curve_->setAccessibleName(tr("Figure against K"));
    curve_->setToolTip(
        tr("What the curves show for growing numbers of samples: a collapsed model's stay flat."));
    connect(curve_, &QComboBox::currentIndexChanged, this, &CompareFigures::show_curve);
    chart_ = new LineChart(part);
    chart_->set_x_name(tr("K"));
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(curve_);
    layout->addWidget(chart_, 1);
    return part;
}

QWidget* CompareFigures::build_differences() {
    auto* part = new QWidget(this);
    ranking_ = new QComboBox(part);
    ranking_->setObjectName("compare.ranking");
    ranking_->setAccessibleName(tr("Figure that ranks the inputs"));
    ranking_->setToolTip(tr("By which figure the inputs are ranked: largest minus smallest among the rows."));
    connect(ranking_, &QComboBox::currentIndexChanged, this, &CompareFigures::show_differences);
    differences_ = new QListWidget(part);
    differences_->setObjectName("compare.differences");
    differences_->setAccessibleName(tr("Inputs where they differ most"));
    differences_->setToolTip(tr("A click shows the input above."));
    differences_->setUniformItemSizes(true);
    differences_->setSpacing(space::s / 2);
    const auto choose = [this](QListWidgetItem* item) {
        emit input_chosen(item->data(condition_role).toInt());
    };
    connect(differences_, &QListWidget::itemClicked, this, choose);
    connect(differences_, &QListWidget::itemActivated, this, choose);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(ranking_);
    layout->addWidget(differences_, 1);
    return part;
}

// --- Contents ---

int CompareFigures::conditions() const { return conditions_->value(); }
int CompareFigures::samples() const { return samples_->value(); }

void CompareFigures::set_numbers(int conditions, int samples) {
    const QSignalBlocker quiet(this);
    conditions_->setValue(conditions);
    samples_->setValue(samples);
}

void CompareFigures::clear() {
    measured_ = {};
    table_->clear_figures();
    chart_->clear();
    chart_->refresh();
    differences_->clear();
    show_progress();
}

void CompareFigures::set_has_lpips(bool has) { lpips_button_->setVisible(!has); }

void CompareFigures::show_stopped() {
    measured_.running = false;
    show_progress();
}

void CompareFigures::show_measured(const Measured& measured) {
    measured_ = measured;
    fill_choices();
    table_->set_figures(measured_.comparison, measured_.estimates);
    show_progress();
    show_curve();
    show_differences();
}

void CompareFigures::show_progress() {
    const bool running = measured_.running;
    progress_->setVisible(running);
    progress_->setValue(qRound(1000 * measured_.share));
    const bool whole = !measured_.estimates.empty() && measured_.comparison.complete();
    left_->setText(running ? time_left(measured_.seconds_left) : measured_inputs(measured_));
    lpips_->setText(QString::fromStdString(measured_.comparison.lpips));
    button_->setText(running ? tr("Stop") : tr("Measure"));
    button_->setToolTip(running ? tr("Stop measuring; what is measured is kept and gone on from.")
                                : tr("Measure the shown rows in the background."));
    button_->setVisible(!whole || running);
}

/// What this data and these settings give.
void CompareFigures::fill_choices() {
    std::vector<std::pair<QString, QString>> curves, rankings;
    for (const auto& metric : measured_.comparison.metrics) {
        const auto id = QString::fromStdString(metric.id), name = QString::fromStdString(metric.name);
        if (metric.samples == measured_.comparison.samples)
            curves.emplace_back(id.section('@', 0, 0), tr("%1 against K").arg(name));
        if (metric.samples == 0 && !metric.part) rankings.emplace_back(id, tr("differ most in %1").arg(name));
    }
    set_choices(curve_, curves);
    set_choices(ranking_, rankings);
}

void CompareFigures::show_curve() {
    const QString prefix = curve_->currentData().toString() + '@';
    const auto& comparison = measured_.comparison;
    for (const QString& id : series_) chart_->remove(id);
    series_.clear();
    const auto labels = labels_of(comparison.contestants);
    for (std::size_t c = 0; c < measured_.estimates.size(); ++c) {
        const auto& contestant = comparison.contestants[c];
        const auto id = QString::number(c);
        chart_->set_series(id, QString::fromStdString(labels[c]),
                           configuration_colour(QString::fromStdString(contestant.configuration())));
        series_.push_back(id);
        const auto& figures = measured_.estimates[c];
        for (std::size_t m = 0; m < figures.size(); ++m)
            if (QString::fromStdString(comparison.metrics[m].id).startsWith(prefix) &&
                figures[m].conditions > 0)
                chart_->append(id, comparison.metrics[m].samples, figures[m].value);
    }
    chart_->set_title(curve_->currentText());
    chart_->refresh();
}

/// Keeps the place of the list and what is chosen in it, as it changes while it is measured.
void CompareFigures::show_differences() {
    const int place = differences_->verticalScrollBar()->value();
    const auto* current = differences_->currentItem();
    const int chosen = current ? current->data(condition_role).toInt() : -1;
    differences_->clear();
    const auto& comparison = measured_.comparison;
    const auto labels = labels_of(comparison.contestants);
    const auto list = differ_most(comparison, ranking_->currentData().toString().toStdString());
    for (const auto& difference : list) {
        if (differences_->count() == listed_differences) break;
        const bool named = difference.condition < static_cast<int>(comparison.inputs.size());
        auto* item = new QListWidgetItem(
            tr("%1   %2").arg(named ? QString::fromStdString(comparison.inputs[difference.condition])
                                    : tr("input %1").arg(difference.condition + 1),
                              QLocale().toString(difference.spread, 'f', 3)));
        item->setData(condition_role, difference.condition);
        item->setToolTip(tr("least: %1\nmost: %2")
                             .arg(QString::fromStdString(labels[difference.lowest]),
                                  QString::fromStdString(labels[difference.highest])));
        differences_->addItem(item);
        if (difference.condition == chosen) differences_->setCurrentItem(item);
    }
    differences_->verticalScrollBar()->setValue(place);
}

void CompareFigures::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !measured_.estimates.empty()) show_curve();
}

}  // namespace modescope
