#include "app/labs/train/train_view.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSplitter>
#include <algorithm>
#include <array>

#include "app/labs/model_box.h"
#include "app/labs/train/train_runs.h"
#include "widgets/chart.h"
#include "widgets/picture_view.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

/// What the log calls it, and what people do.
QString quantity_name(const std::string& id) {
    if (id == spread_of_samples) return TrainView::tr("Spread of the samples of one input");
    if (id == "d") return TrainView::tr("Loss of D");
    if (id == "g") return TrainView::tr("Loss of G, all terms");
    if (id == "ms") return TrainView::tr("Milliseconds per step");
    if (id == "predictor") return TrainView::tr("Loss of the predictor");
    if (id == spread_of_prediction) return TrainView::tr("Standard deviation that the predictor says");
    if (id == "validation") return TrainView::tr("Loss of the predictor on held-out pairs");
    for (const auto& term : terms())
        if (term.id == id) return TrainView::tr("%1 term").arg(QString::fromStdString(term.label));
    return QString::fromStdString(id);
}

/// What is measured while P is trained; its steps are P's.
constexpr std::array of_predictor{"predictor", "validation", spread_of_prediction};

std::vector<std::string> quantities_of(const TrainRun& run) {
    const auto& objective = run.record.spec.objective;
    std::vector<std::string> ids{spread_of_samples};
    if (objective.needs_discriminator()) ids.emplace_back("d");
    ids.emplace_back("g");
    for (const auto term : objective.active()) ids.push_back(info(term).id);
    if (objective.needs_predictor()) ids.insert(ids.end(), of_predictor.begin(), of_predictor.end());
    ids.emplace_back("ms");
    return ids;
}

std::optional<double> value_of(const LogRow& row, const std::string& id) {
    if (id == "ms") return row.predictor || row.ms == 0 ? std::nullopt : std::optional(row.ms);
    for (const auto& [name, value] : row.values)
        if (name == id) return value;
    return {};
}

}  // namespace

TrainView::TrainView(TrainRuns& runs, QWidget* parent) : QWidget(parent), runs_(runs) {
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName("train_splitter");
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(build_samples());
    splitter->addWidget(build_curves());
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({480, 280});
    splitter->setHandleWidth(space::m);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(splitter);
}

QWidget* TrainView::build_samples() {
    auto* card = new QFrame(this);
    card->setProperty("card", true);
    legend_ = new QLabel(card);
    legend_->setObjectName("train_legend");
    legend_->setProperty("secondary", true);
    legend_->setWordWrap(true);
    picture_ = new PictureView(card);
    picture_->setObjectName("train_samples");
    slider_ = new QSlider(Qt::Horizontal, card);
    slider_->setObjectName("train_step");
    slider_->setAccessibleName(tr("Step of the samples"));
    slider_->setToolTip(
        tr("Back and forth in the training, one saved picture at a time; at the right end it "
           "follows the newest (, and .)."));
    slider_->setPageStep(1);
    connect(slider_, &QSlider::valueChanged, this, &TrainView::show_grid);
    caption_ = new QLabel(card);
    caption_->setObjectName("train_caption");
    caption_->setProperty("secondary", true);
    caption_->setMinimumWidth(150);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(slider_, 1);
    row->addWidget(caption_);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(space::l, space::l, space::l, space::m);
    column->setSpacing(space::m);
    column->addWidget(legend_);
    column->addWidget(picture_, 1);
    column->addLayout(row);
    return card;
}

TrainView::Curves TrainView::make_curves(const char* name, QWidget* parent) {
    Curves curves{new QComboBox(parent), new LineChart(parent)};
    curves.chart->set_title({});  // the box above says it
    curves.quantity->setObjectName(QLatin1String(name));
    curves.quantity->setAccessibleName(tr("What the curves show"));
    curves.quantity->setToolTip(tr("Choose what to draw of the ticked trainings."));

    connect(curves.quantity, &QComboBox::activated, this, [this, which = name == std::string("train_left")] {
        auto& curves = which ? left_ : right_;
        curves.chosen = true;
        redraw(curves);
    });
    return curves;
}

QWidget* TrainView::build_curves() {
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    left_ = make_curves("train_left", both);
    right_ = make_curves("train_right", both);
    for (const auto& curves : {left_, right_}) {
        auto* column = new QVBoxLayout;
        column->setSpacing(space::s);
        column->addWidget(curves.quantity);
        column->addWidget(curves.chart, 1);
        row->addLayout(column, 1);
    }
    return both;
}

const TrainRun* TrainView::run(const QString& directory) const {
    const int index = runs_.index_of(directory);
    return index < 0 || !runs_.runs()[index].problem.isEmpty() ? nullptr : &runs_.runs()[index];
}

void TrainView::show_runs(const QString& current, const QStringList& drawn) {
    current_ = current;
    for (const auto& [directory, before] : drawn_)
        for (const auto& curves : {left_, right_}) curves.chart->remove(directory);
    drawn_.clear();
    for (const auto& directory : drawn)
        if (run(directory)) drawn_[directory];
    list_quantities();
    for (const auto& curves : {left_, right_}) redraw(curves);
    shown_grid_.clear();
    show_grids();
}

/// Of all that are drawn; what was chosen stays.
void TrainView::list_quantities() {
    std::vector<std::string> ids;
    for (const auto& [directory, drawn] : drawn_)
        for (const auto& id : quantities_of(*run(directory)))
            if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    for (const auto& curves : {left_, right_}) {
        const QSignalBlocker quiet(curves.quantity);
        const QString before = curves.chosen ? curves.quantity->currentData().toString() : QString();
        curves.quantity->clear();
        for (const auto& id : ids) curves.quantity->addItem(quantity_name(id), QString::fromStdString(id));
        int index = curves.quantity->findData(before);
        if (index < 0) index = curves.quantity->findData(usual_quantity(curves));
        curves.quantity->setCurrentIndex(std::max(0, index));
    }
}

QString TrainView::usual_quantity(const Curves& curves) const {
    const TrainRun* shown = run(current_);
    const bool predicts = shown && !shown->status.progress.predictor_ready;
    if (curves.chart == left_.chart) {
        if (predicts) return QStringLiteral("validation");
        // Runs of older versions did not measure it.
        const bool measured = !shown || shown->status.progress.step == 0 ||
                              std::ranges::any_of(shown->record.log, [](const LogRow& row) {
                                  return value_of(row, spread_of_samples).has_value();
                              });
        return measured ? QString(spread_of_samples) : QStringLiteral("g");
    }
    if (predicts) return QStringLiteral("predictor");
    const bool judged = shown && shown->record.spec.objective.needs_discriminator();
    return judged ? QStringLiteral("d") : QStringLiteral("g");
}

void TrainView::follow_phase() {
    for (const auto& curves : {left_, right_}) {
        const int index = curves.quantity->findData(usual_quantity(curves));
        if (curves.chosen || index < 0 || index == curves.quantity->currentIndex()) continue;
        curves.quantity->setCurrentIndex(index);
        redraw(curves);
    }
}

void TrainView::redraw(const Curves& curves) {
    auto& chart = *curves.chart;
    chart.clear();
    chart.setAccessibleName(curves.quantity->currentText());
    const auto id = curves.quantity->currentData().toString().toStdString();
    chart.set_x_name(std::ranges::find(of_predictor, id) != of_predictor.end() ? tr("predictor step")
                                                                               : tr("step"));
    for (auto& [directory, drawn] : drawn_) {
        const TrainRun* found = run(directory);
        if (!found) continue;  // its folder cannot be read any more
        const TrainRun& shown = *found;
        chart.set_series(directory, shown.name(), configuration_colour(configuration_id(shown.record.spec)));
        for (const auto& row : shown.record.log)
            if (const auto value = value_of(row, id))
                chart.append(directory, static_cast<double>(row.step), *value);
        drawn.rows = shown.record.log.size();
    }
    chart.refresh();
}

void TrainView::append(const QString& directory) {
    const auto found = drawn_.find(directory);
    const TrainRun* shown = run(directory);
    if (found == drawn_.end() || !shown) return;
    const auto& log = shown->record.log;
    if (log.size() < found->second.rows) {  // it was resumed from an older checkpoint
        for (const auto& curves : {left_, right_}) redraw(curves);
        return;
    }
    for (const auto& curves : {left_, right_}) {
        const auto id = curves.quantity->currentData().toString().toStdString();
        for (std::size_t i = found->second.rows; i < log.size(); ++i)
            if (const auto value = value_of(log[i], id))
                curves.chart->append(directory, static_cast<double>(log[i].step), *value);
        curves.chart->refresh();
    }
    found->second.rows = log.size();
}

void TrainView::update_run(const QString& directory) {
    if (!drawn_.contains(directory)) return;
    append(directory);
    if (directory != current_ || !run(directory)) return;
    follow_phase();
    show_grids();
}

/// At the right end the slider follows the newest.
void TrainView::show_grids() {
    const TrainRun* shown = run(current_);
    const int count = shown ? static_cast<int>(shown->record.grids.size()) : 0;
    const bool follows = shown_grid_.isEmpty() || slider_->value() == slider_->maximum();
    {
        const QSignalBlocker quiet(slider_);
        slider_->setRange(0, std::max(0, count - 1));
        if (follows) slider_->setValue(slider_->maximum());
    }
    slider_->setEnabled(count > 1);
    show_grid(slider_->value());
}

void TrainView::show_grid(int index) {
    const TrainRun* shown = run(current_);
    if (!shown || index >= static_cast<int>(shown->record.grids.size())) {
        shown_grid_.clear();
        caption_->clear();
        legend_->clear();
        return picture_->set_picture({}, shown ? tr("The first picture appears within a minute.")
                                               : tr("Nothing has been trained yet."));
    }
    const auto& grid = shown->record.grids[index];
    caption_->setText((grid.predictor ? tr("predictor step %L1") : tr("step %L1")).arg(grid.step));
    explain(grid.predictor);
    const auto path = QString::fromStdString(grid.path);
    if (path == shown_grid_) return;
    shown_grid_ = path;
    picture_->set_picture(QImage(path), tr("%1 cannot be read.").arg(path));
}

void TrainView::explain(bool predictor) {
    picture_->setAccessibleName(predictor ? tr("What the predictor says")
                                          : tr("Samples with the same noise"));
    legend_->setText(predictor
                         ? tr("Twice in each line: an input, a true picture, the mean that the predictor "
                              "says, and the standard deviation.")
                         : tr("Each line: an input, a true picture, eight samples."));
    picture_->setToolTip(
        (predictor ? tr("G follows when the predictor has learned. The deviation is white where it is as "
                        "large as it can be.")
                   : tr("The samples' noise stays the same over the whole training.")) +
        QLatin1Char(' ') + tr("Wheel zooms, drag moves."));
}

void TrainView::step_samples(int by) { slider_->setValue(slider_->value() + by); }

void TrainView::recolour() {
    for (const auto& curves : {left_, right_}) redraw(curves);
}

}  // namespace modescope
