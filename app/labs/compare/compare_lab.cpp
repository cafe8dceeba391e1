#include "app/labs/compare/compare_lab.h"

#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "app/labs/compare/compare_figures.h"
#include "app/labs/compare/compare_input.h"
#include "app/labs/compare/compare_pair.h"
#include "app/labs/compare/compare_pictures.h"
#include "app/labs/compare/compare_rows.h"
#include "app/labs/compare/compare_toolbar.h"
#include "core/sampling/model_library.h"
#include "widgets/message_strip.h"
#include "widgets/picture_matrix.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr char settings_group[] = "compare";
const QList<int> first_halves{400, 330}, first_upper{176, 1200}, first_lower{280, 1100};

/// "street-64" of "street-64-gan+pmr2".
QString family_of(const ModelFile& model) { return QString::fromStdString(model.name).section('-', 0, -2); }

/// The drawing itself is asked for when there are models.
InputSource remembered_source(const QSettings& settings) {
    using Kind = InputSource::Kind;
    const auto paths = settings.value("paths").toStringList();
    const auto kind = static_cast<Kind>(settings.value("source", 0).toInt());
    if (kind == Kind::drawing) return {.kind = kind};
    if (paths.isEmpty()) return {};
    return kind == Kind::folder ? folder_inputs(paths.first()) : file_inputs(paths);
}

QSplitter* make_splitter(Qt::Orientation orientation, const char* id, std::initializer_list<QWidget*> parts) {
    auto* splitter = new QSplitter(orientation);
    splitter->setObjectName(QLatin1String(id));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(orientation == Qt::Horizontal ? space::l : space::m);
    for (QWidget* part : parts) splitter->addWidget(part);
    splitter->setStretchFactor(1, 1);
    return splitter;
}

}  // namespace

CompareLab::CompareLab(QWidget* parent)
    : Lab(parent),
      strip_(new MessageStrip(this)),
      toolbar_(new CompareToolbar(this)),
      rows_(toolbar_->rows()),
      input_(new CompareInput(this)),
      pictures_(new ComparePictures(this)),
      pair_(new ComparePair(this)),
      figures_(new CompareFigures(this)) {
    build_page();
    for (QWidget* part : {static_cast<QWidget*>(toolbar_), static_cast<QWidget*>(input_),
                          static_cast<QWidget*>(pair_), static_cast<QWidget*>(figures_)})
        addActions(part->actions());
    setFocusProxy(pictures_->matrix());
    setAcceptDrops(true);
    restore();
    connect_pictures();
    connect_jobs();
}

CompareLab::~CompareLab() { save(); }

// --- Parts ---

void CompareLab::build_page() {
    upper_ = make_splitter(Qt::Horizontal, "compare.upper", {input_, pictures_});
    lower_ = make_splitter(Qt::Horizontal, "compare.lower", {pair_, figures_});
    halves_ = make_splitter(Qt::Vertical, "compare.halves", {upper_, lower_});
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::l, space::m, space::l, space::m);
    column->setSpacing(space::m);
    column->addWidget(toolbar_);
    column->addWidget(halves_, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(strip_);
    layout->addWidget(page, 1);
    reset_layout();
}

void CompareLab::reset_layout() {
    halves_->setSizes(first_halves);
    upper_->setSizes(first_upper);
    lower_->setSizes(first_lower);
}

void CompareLab::connect_pictures() {
    auto* matrix = pictures_->matrix();
    auto* view = pair_->view();
    connect(pictures_, &ComparePictures::pair_changed, view, &PairView::set_pair);
    connect(matrix, &PictureMatrix::view_changed, view, &PairView::set_view);
    connect(view, &PairView::view_changed, matrix, &PictureMatrix::set_view);
    connect(matrix, &PictureMatrix::move_requested, rows_, &CompareRows::move);
    connect(matrix, &PictureMatrix::hide_requested, rows_, &CompareRows::hide_row);
    connect(matrix, &PictureMatrix::remove_requested, rows_, &CompareRows::remove_row);
    connect(rows_, &CompareRows::changed, this, &CompareLab::change_rows);
    connect(rows_->add_menu(), &QMenu::aboutToShow, this, &CompareLab::fill_add_menu);
    connect(toolbar_, &CompareToolbar::family_chosen, this, &CompareLab::choose_family);
    connect(toolbar_, &CompareToolbar::changed, this, &CompareLab::refresh);
    connect(toolbar_, &CompareToolbar::open_model_requested, this, &CompareLab::ask_for_model);
    connect(toolbar_, &CompareToolbar::report_requested, this, &CompareLab::ask_where_to_write);
    connect(input_, &CompareInput::index_changed, this, &CompareLab::refresh);
    connect(input_, &CompareInput::source_requested, this, &CompareLab::ask_for_source);
}

void CompareLab::connect_jobs() {
    connect(&drawing_, &CompareDrawing::opened, this, &CompareLab::take_model);
    connect(&drawing_, &CompareDrawing::not_opened, this, &CompareLab::refuse_model);
    connect(&drawing_, &CompareDrawing::found_cases, this, &CompareLab::use_cases);
    connect(&drawing_, &CompareDrawing::failed, strip_, [this](const QString& sentence) {
        input_->set_kind(source_.kind);
        strip_->show_message(MessageStrip::Severity::Error, sentence);
        open_next();
        if (!cases_ && wanted_.kind != InputSource::Kind::held_out) use_inputs({});
    });
    connect(&drawing_, &CompareDrawing::case_ready, this, [this](const ShownCase& shown) {
        if (shown.stamp != stamp_) return;
        input_->show_case(shown);
        pictures_->set_columns(toolbar_->columns(), toolbar_->noise());
    });
    connect(&drawing_, &CompareDrawing::row_ready, this, [this](const ShownRow& row) {
        if (row.stamp == stamp_) pictures_->show_row(row);
    });
    connect(&drawing_, &CompareDrawing::drawn, this, [this](quint64 stamp, const DrawingTime& time) {
        if (stamp != stamp_) return;
        if (time.pictures > 0) time_ = time;
        show_status();
    });
    connect(&job_, &MeasureJob::progressed, this, &CompareLab::show_measured);
    connect(&job_, &MeasureJob::failed, this, [this](const QString& sentence) {
        stop_measuring();
        strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Try again"),
                             [this] { start_measuring(); });
    });
    connect(&job_, &MeasureJob::lpips_refused, this, [this](const QString& sentence) {
        choose_lpips({});
        strip_->show_message(MessageStrip::Severity::Error, sentence, tr("LPIPS weights…"),
                             [this] { ask_for_lpips(); });
    });
    connect(&job_, &MeasureJob::not_written, strip_, [this](const QString& sentence) {
        strip_->show_message(MessageStrip::Severity::Error, sentence);
    });
    connect(&job_, &MeasureJob::written, this, &CompareLab::tell_written);
    connect(figures_, &CompareFigures::numbers_changed, this, &CompareLab::start_measuring);
    connect(figures_, &CompareFigures::start_requested, this, &CompareLab::start_measuring);
    connect(figures_, &CompareFigures::stop_requested, this, &CompareLab::stop_measuring);
    connect(figures_, &CompareFigures::input_chosen, input_, &CompareInput::set_index);
    connect(figures_, &CompareFigures::lpips_requested, this, &CompareLab::ask_for_lpips);
}

// --- Memory ---

void CompareLab::restore() {
    QSettings settings;
    settings.beginGroup(settings_group);
    toolbar_->restore(settings);
    input_->set_index(settings.value("input", 0).toInt());
    figures_->set_numbers(settings.value("conditions", figures_->conditions()).toInt(),
                          settings.value("samples", figures_->samples()).toInt());
    for (auto* splitter : {halves_, upper_, lower_})
        splitter->restoreState(settings.value(splitter->objectName()).toByteArray());
    choose_lpips(qEnvironmentVariable("MODESCOPE_LPIPS", settings.value("lpips").toString()));
}

void CompareLab::save() const {
    QSettings settings;
    settings.beginGroup(settings_group);
    toolbar_->save(settings);
    settings.setValue("input", input_->index());
    settings.setValue("conditions", figures_->conditions());
    settings.setValue("samples", figures_->samples());
    settings.setValue("lpips", lpips_);
    for (auto* splitter : {halves_, upper_, lower_})
        settings.setValue(splitter->objectName(), splitter->saveState());
    if (awaited_.isEmpty() && !rows_->all().empty()) save_rows(settings);
}

/// Rows that are just a family's stay unsaved, so that models that join the family are seen.
void CompareLab::save_rows(QSettings& settings) const {
    const auto rows = rows_->arrangement();
    CompareRows::Arrangement usual{families_.value(toolbar_->family()), {}};
    if (cases_ && cases_->world) usual.order << QStringLiteral("truth");
    settings.setValue("rows", rows == usual ? QStringList() : rows.order);
    settings.setValue("hidden", rows.hidden);
    settings.setValue("source", static_cast<int>(source_.kind));
    settings.setValue("paths", source_.paths);
}

// --- Models ---

void CompareLab::list_families() {
    QStringList names;
    for (const auto& model : shipped_models()) {
        if (!families_.contains(family_of(model))) names << family_of(model);
        families_[family_of(model)] << QString::fromStdString(model.path);
    }
    toolbar_->set_families(names, QSettings().value("compare/family").toString());
    if (take_up_rows()) return;
    strip_->show_message(MessageStrip::Severity::Warning,
                         tr("There are no trained models to compare yet. Add the checkpoint of a training."),
                         tr("Open model…"), [this] { ask_for_model(); });
}

/// What was compared last time, as far as it is still there; else the family. False: there is nothing.
bool CompareLab::take_up_rows() {
    QSettings settings;
    settings.beginGroup(settings_group);
    CompareRows::Arrangement rows{settings.value("rows").toStringList(),
                                  settings.value("hidden").toStringList()};
    auto paths = rows.order;
    paths.removeIf([](const QString& path) { return !QFileInfo(path).isFile(); });
    if (paths.isEmpty()) {
        rows = {};
        paths = families_.value(toolbar_->family());
    }
    source_ = wanted_ = remembered_source(settings);
    begin_with(paths);
    rows_->expect(rows);
    return !paths.isEmpty();
}

void CompareLab::choose_family(const QString& name) {
    source_ = wanted_ = {};
    begin_with(families_.value(name));
}

void CompareLab::begin_with(const QStringList& paths) {
    drawing_.forget_cases();
    forget_cases();
    rows_->clear();
    awaited_ = paths;
    open_next();
}

/// Those of other models say nothing about the ones that come.
void CompareLab::forget_cases() {
    cases_.reset();
    job_.cancel();
    forget_measured();
}

/// One after the other, so that the first row is drawn before the last one is read.
void CompareLab::open_next() {
    if (awaited_.isEmpty() || !opening_.isEmpty()) return;
    opening_ = awaited_.first();
    drawing_.open(opening_);
}

/// The library's models that are not among the rows; the file dialog stays last.
void CompareLab::fill_add_menu() {
    auto* menu = rows_->add_menu();
    auto* open = menu->actions().last();
    for (auto* action : menu->actions().mid(0, menu->actions().size() - 1)) {
        menu->removeAction(action);
        action->deleteLater();
    }
    QStringList shown;
    for (const auto& row : rows_->all()) shown << QString::fromStdString(row.path);
    for (const auto& model : shipped_models()) {
        const auto path = QString::fromStdString(model.path);
        if (shown.contains(path)) continue;
        auto* action = new QAction(QString::fromStdString(model.name), menu);
        connect(action, &QAction::triggered, this, [this, path] { open_model(path); });
        menu->insertAction(open, action);
    }
    if (menu->actions().size() > 1) menu->insertSeparator(open);
}

void CompareLab::open_model(const QString& path) {
    awaited_ << path;
    open_next();
}

void CompareLab::take_model(const QString& path, const Contestant& contestant) {
    opening_.clear();
    if (awaited_.removeAll(path) == 0) return open_next();  // it is of a family that was left
    const bool first = !rows_->first_model();
    if (first) forget_cases();
    const bool fits = std::ranges::all_of(rows_->all(), [&](const Contestant& row) {
        return !row.sampler || takes_same_conditions(*row.sampler, *contestant.sampler);
    });
    if (fits)
        rows_->add(contestant);
    else
        offer_alone(path, contestant);
    if (first) begin_inputs();
    // The others wait until the first one draws.
    if (!first || source_.kind == InputSource::Kind::drawing) open_next();
}

void CompareLab::offer_alone(const QString& path, const Contestant& contestant) {
    strip_->show_message(MessageStrip::Severity::Warning,
                         tr("%1 takes other inputs than the rows here: models can be compared that have one "
                            "task, size and set of classes.")
                             .arg(QFileInfo(path).fileName()),
                         tr("Start anew with it"), [this, contestant] { compare_alone(contestant); });
}

void CompareLab::compare_alone(const Contestant& contestant) {
    choose_family({});
    rows_->add(contestant);
    use_inputs({});
}

void CompareLab::refuse_model(const QString& path, const QString& sentence) {
    opening_.clear();
    awaited_.removeAll(path);
    open_next();
    strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Open model…"),
                         [this] { ask_for_model(); });
}

void CompareLab::change_rows() {
    pictures_->set_rows(rows_->shown());
    if (stopped_) forget_measured();
    refresh();
    measure();
    show_status();
}

// --- Inputs ---

void CompareLab::use_inputs(const InputSource& source) {
    const auto model = rows_->first_model();
    if (!model) return;
    wanted_ = source;
    drawing_.find_cases([model, find = source.find] { return find(*model); });
}

void CompareLab::begin_inputs() {
    if (source_.kind == InputSource::Kind::drawing) return emit drawing_requested();
    use_inputs(source_);
}

void CompareLab::show_drawing(const PaintDrawing& drawing) { use_inputs(drawing_input(drawing)); }

void CompareLab::ask_for_source(InputSource::Kind kind) {
    if (!rows_->first_model()) return;
    if (kind == InputSource::Kind::held_out) return use_inputs({});
    if (kind == InputSource::Kind::drawing) return emit drawing_requested();
    ask_for_inputs(kind == InputSource::Kind::folder);
}

void CompareLab::use_cases(const std::shared_ptr<const Cases>& cases) {
    const bool other = source_.kind != wanted_.kind || source_.kind != InputSource::Kind::held_out;
    source_ = wanted_;
    cases_ = cases;
    input_->set_kind(source_.kind);
    input_->set_count(cases->count);
    if (other) forget_measured();
    rows_->set_truth(cases->world != nullptr);
    refresh();
    open_next();
    measure();
}

// --- Pictures ---

void CompareLab::refresh() {
    stamp_ = 0;  // what is on its way is of other rows
    if (!cases_ || !isVisible() || rows_->shown().empty()) return;
    stamp_ = drawing_.request({.rows = rows_->shown(),
                               .cases = cases_,
                               .condition = std::min(input_->index(), cases_->count - 1),
                               .columns = toolbar_->columns(),
                               .noise = static_cast<std::uint64_t>(toolbar_->noise())});
}

// --- Figures ---

void CompareLab::measure() {
    if (stopped_ || !cases_ || !isVisible() || rows_->shown().empty()) return;
    job_.start(rows_->shown(), cases_,
               {.conditions = figures_->conditions(),
                .samples = figures_->samples(),
                .cache = compare_cache_folder()},
               lpips_);
}

void CompareLab::start_measuring() {
    stopped_ = false;
    measure();
}

void CompareLab::stop_measuring() {
    stopped_ = true;
    job_.cancel();
    measured_.running = false;
    figures_->show_stopped();
}

void CompareLab::show_measured(const Measured& measured) {
    measured_ = measured;
    figures_->show_measured(measured);
    pictures_->show_measured(measured);
    if (!again_.isEmpty() && !measured.running && measured.comparison.complete())
        write_report(std::exchange(again_, {}));
}

void CompareLab::forget_measured() {
    measured_ = {};
    again_.clear();
    figures_->clear();
}

void CompareLab::choose_lpips(const QString& path) {
    lpips_ = QFileInfo(path).isFile() ? path : QString();
    figures_->set_has_lpips(!lpips_.isEmpty());
    start_measuring();
}

void CompareLab::show_status() {
    const auto ms = [](double value) { return QLocale().toString(value, 'f', 0); };
    emit status_changed({tr("%n pictures in %1 ms, the first row in %2 ms", "", time_.pictures)
                             .arg(ms(time_.all), ms(time_.first_row)),
                         cases_ ? QString::fromStdString(cases_->title) : tr("no inputs")});
}

// --- Events ---

void CompareLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    pictures_->matrix()->setFocus();
    if (families_.empty() && rows_->all().empty()) list_families();
    if (source_.kind == InputSource::Kind::drawing) emit drawing_requested();  // perhaps changed since
    refresh();
    measure();
}

/// What nobody looks at gives the processor back; the cache keeps what was measured.
void CompareLab::hideEvent(QHideEvent* event) {
    Lab::hideEvent(event);
    job_.cancel();
    if (measured_.running) figures_->show_stopped();
}

}  // namespace modescope
