#include "app/labs/compare_lab.h"

#include <QAction>
#include <QButtonGroup>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/labs/compare_figures.h"
#include "app/labs/compare_input.h"
#include "app/labs/compare_rows.h"
#include "core/sampling/model_library.h"
#include "widgets/message_strip.h"
#include "widgets/moment_strip.h"
#include "widgets/pair_view.h"
#include "widgets/picture_matrix.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int least_columns = 2, most_columns = 16, usual_columns = 8, last_noise = 999999;
constexpr double least_scale = 0.02;  // of σ, of 0 … 1: all of it is rounding below
constexpr char settings_group[] = "compare";

QAction* page_action(QWidget* page, const QIcon& icon, const QString& text, const QKeySequence& key,
                     const QString& help) {
    auto* action = new QAction(icon, text, page);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(help);
    page->addAction(action);
    return action;
}

/// "street-64" of "street-64-gan+pmr2".
QString family_of(const ModelFile& model) { return QString::fromStdString(model.name).section('-', 0, -2); }

double grey(const FloatImage& image, int x, int y) {
    double sum = 0;
    for (int c = 0; c < image.channels; ++c) sum += image.at(x, y, c);
    return sum / image.channels;
}

double largest(const FloatImage& image) {
    double most = 0;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) most = std::max(most, grey(image, x, y));
    return most;
}

QImage heat_picture(const FloatImage& deviation, double scale) {
    QImage picture(deviation.width, deviation.height, QImage::Format_RGB32);
    for (int y = 0; y < deviation.height; ++y)
        for (int x = 0; x < deviation.width; ++x)
            picture.setPixel(x, y, heat_colour(grey(deviation, x, y) / scale));
    return picture;
}

QImage mean_picture(const FloatImage& mean) {
    const auto byte = [](float value) { return std::clamp(qRound(255 * value), 0, 255); };
    QImage picture(mean.width, mean.height, QImage::Format_RGB32);
    for (int y = 0; y < mean.height; ++y)
        for (int x = 0; x < mean.width; ++x)
            picture.setPixel(x, y,
                             qRgb(byte(mean.at(x, y, 0)), byte(mean.at(x, y, 1)), byte(mean.at(x, y, 2))));
    return picture;
}

QColor colour_of(const Contestant& contestant) {
    return configuration_colour(QString::fromStdString(contestant.configuration()));
}

}  // namespace

CompareLab::CompareLab(QWidget* parent)
    : Lab(parent),
      strip_(new MessageStrip(this)),
      rows_(new CompareRows(this)),
      input_(new CompareInput(this)),
      matrix_(new PictureMatrix(this)),
      figures_(new CompareFigures(this)) {
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(space::m);
    parts->addWidget(build_pictures());
    parts->addWidget(figures_);
    parts->setSizes({460, 280});
    parts->setStretchFactor(0, 1);
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::l, space::m, space::l, space::m);
    column->setSpacing(space::m);
    column->addWidget(build_bar());
    column->addWidget(parts, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(strip_);
    layout->addWidget(page, 1);
    addActions(input_->actions());
    setFocusProxy(matrix_);
    restore();
    connect_parts();
}

CompareLab::~CompareLab() { save(); }

// --- Parts ---

QSpinBox* CompareLab::make_number(const QString& prefix, const QString& name, const QString& help, int least,
                                  int most) {
    auto* box = new QSpinBox(this);
    box->setRange(least, most);
    box->setPrefix(prefix);
    box->setAccessibleName(name);
    box->setToolTip(help);
    box->setKeyboardTracking(false);
    connect(box, &QSpinBox::valueChanged, this, &CompareLab::refresh);
    return box;
}

QWidget* CompareLab::build_bar() {
    auto* bar = new QWidget(this);
    family_ = new QComboBox(bar);
    family_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    family_->setFocusPolicy(Qt::TabFocus);
    family_->setAccessibleName(tr("Which models"));
    family_->setToolTip(tr("Models of one preset differ in their loss alone, so that they can be compared."));
    columns_ = make_number(tr("columns  "), tr("Columns"), tr("How many samples of each model are shown."),
                           least_columns, most_columns);
    noise_ = make_number(tr("noise  "), tr("Noise"),
                         tr("Which noise all rows get; 0 is the one that the figures are measured with."), 0,
                         last_noise);
    auto* save_action = page_action(this, icon("save"), tr("Export report…"), QKeySequence("Ctrl+E"),
                                    tr("Write pictures, figures and curves as one HTML page, or the figures "
                                       "as CSV or JSON (Ctrl+E)."));
    connect(save_action, &QAction::triggered, this, &CompareLab::ask_where_to_export);
    auto* save_button = new QToolButton(bar);
    save_button->setDefaultAction(save_action);
    save_button->setProperty("tool", true);
    save_button->setFocusPolicy(Qt::TabFocus);
    save_button->setAccessibleName(tr("Export report"));
    auto* noise_action =
        page_action(this, icon("resample", QPalette::HighlightedText), tr("New noise"),
                    QKeySequence(Qt::Key_Space), tr("The same new noise for all rows (Space)."));
    connect(noise_action, &QAction::triggered, this,
            [this] { noise_->setValue((noise_->value() + columns_->value()) % last_noise); });
    auto* noise_button = new QPushButton(noise_action->icon(), noise_action->text(), bar);
    noise_button->setProperty("primary", true);
    noise_button->setFocusPolicy(Qt::TabFocus);
    noise_button->setToolTip(noise_action->toolTip());
    connect(noise_button, &QPushButton::clicked, noise_action, &QAction::trigger);
    auto* add_action = page_action(this, icon("plus"), tr("Add model…"), QKeySequence(Qt::Key_A),
                                   tr("Add the checkpoint of a training as a row (A)."));
    connect(add_action, &QAction::triggered, this, &CompareLab::ask_for_model);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addWidget(family_, 0, Qt::AlignTop);
    row->addWidget(rows_, 1, Qt::AlignVCenter);
    for (QWidget* widget : {static_cast<QWidget*>(columns_), static_cast<QWidget*>(noise_),
                            static_cast<QWidget*>(save_button), static_cast<QWidget*>(noise_button)})
        row->addWidget(widget, 0, Qt::AlignTop);
    return bar;
}

QWidget* CompareLab::build_pictures() {
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setWidget(matrix_);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* parts = new QSplitter(Qt::Horizontal, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(space::l);
    parts->addWidget(input_);
    parts->addWidget(scroll);
    parts->addWidget(build_pair());
    parts->setStretchFactor(1, 1);
    parts->setSizes({160, 900, 300});
    return parts;
}

QWidget* CompareLab::build_pair() {
    auto* part = new QWidget(this);
    pair_ = new PairView(part);
    auto* group = new QButtonGroup(part);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    const auto add = [&](PairView::Mode mode, const QString& text, int key, const QString& help) {
        auto* action = page_action(this, {}, text, QKeySequence(key), help);
        auto* chip = new QToolButton(part);
        chip->setText(text);
        chip->setProperty("chip", true);
        chip->setCheckable(true);
        chip->setChecked(mode == PairView::Mode::Wipe);
        chip->setToolTip(help);
        chip->setAccessibleName(text);
        chip->setFocusPolicy(Qt::TabFocus);
        connect(action, &QAction::triggered, chip, &QToolButton::click);
        connect(chip, &QToolButton::clicked, this, [this, mode] { pair_->set_mode(mode); });
        group->addButton(chip);
        row->addWidget(chip);
    };
    add(PairView::Mode::Wipe, tr("Wipe"), Qt::Key_W, tr("Both pictures, one wiped over the other (W)."));
    add(PairView::Mode::Difference, tr("Difference"), Qt::Key_D,
        tr("Where the two pictures differ, and how much (D)."));
    auto* flicker = new QToolButton(part);
    flicker->setText(tr("Flicker"));
    flicker->setProperty("chip", true);
    flicker->setFocusPolicy(Qt::TabFocus);
    flicker->setAccessibleName(tr("Flicker"));
    flicker->setToolTip(tr("Hold it, or the key F: the other row's picture covers this one."));
    connect(flicker, &QToolButton::pressed, this, [this] { pair_->set_flipped(true); });
    connect(flicker, &QToolButton::released, this, [this] { pair_->set_flipped(false); });
    row->addWidget(flicker);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addLayout(row);
    layout->addWidget(pair_, 1);
    return part;
}

void CompareLab::connect_parts() {
    connect(&drawing_, &CompareDrawing::opened, this, &CompareLab::take_model);
    connect(&drawing_, &CompareDrawing::failed, this, &CompareLab::refuse);
    connect(&drawing_, &CompareDrawing::found_cases, this, &CompareLab::use_cases);
    connect(&drawing_, &CompareDrawing::case_ready, this, &CompareLab::show_case);
    connect(&drawing_, &CompareDrawing::row_ready, this, &CompareLab::show_row);
    connect(&drawing_, &CompareDrawing::drawn, this, [this](quint64 stamp, double milliseconds) {
        if (stamp == stamp_) milliseconds_ = milliseconds;
        show_status();
    });
    connect(&job_, &MeasureJob::progressed, this, &CompareLab::show_measured);
    connect(&job_, &MeasureJob::failed, this, [this](const QString& sentence) {
        stop_measuring();
        strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Try again"), [this] { measure(); });
    });
    connect(&job_, &MeasureJob::written, this, [this](const QString& path) {
        strip_->show_message(MessageStrip::Severity::Info, tr("The report is in %1.").arg(path));
    });
    connect(family_, &QComboBox::activated, this, &CompareLab::choose_family);
    connect(rows_, &CompareRows::changed, this, &CompareLab::change_rows);
    connect(rows_, &CompareRows::add_requested, this, &CompareLab::ask_for_model);
    connect(input_, &CompareInput::index_changed, this, &CompareLab::refresh);
    connect(input_, &CompareInput::open_requested, this, &CompareLab::ask_for_inputs);
    connect(matrix_, &PictureMatrix::current_changed, this, &CompareLab::show_pair);
    connect(matrix_, &PictureMatrix::view_changed, pair_, &PairView::set_view);
    connect(pair_, &PairView::view_changed, matrix_, &PictureMatrix::set_view);
    connect(matrix_, &PictureMatrix::move_requested, rows_, &CompareRows::move);
    connect(matrix_, &PictureMatrix::hide_requested, rows_, &CompareRows::hide_row);
    connect(matrix_, &PictureMatrix::remove_requested, rows_, &CompareRows::remove_row);
    connect(figures_, &CompareFigures::numbers_changed, this, &CompareLab::measure);
    connect(figures_, &CompareFigures::start_requested, this, &CompareLab::measure);
    connect(figures_, &CompareFigures::stop_requested, this, &CompareLab::stop_measuring);
    connect(figures_, &CompareFigures::input_chosen, input_, &CompareInput::set_index);
}

// --- Memory ---

void CompareLab::restore() {
    QSettings settings;
    settings.beginGroup(settings_group);
    columns_->setValue(settings.value("columns", usual_columns).toInt());
    input_->set_index(settings.value("input", 0).toInt());
    figures_->set_numbers(settings.value("conditions", figures_->conditions()).toInt(),
                          settings.value("samples", figures_->samples()).toInt());
}

void CompareLab::save() const {
    QSettings settings;
    settings.beginGroup(settings_group);
    settings.setValue("columns", columns_->value());
    if (!by_hand_) settings.setValue("input", input_->index());
    settings.setValue("conditions", figures_->conditions());
    settings.setValue("samples", figures_->samples());
    settings.setValue("family", family_->currentText());
}

// --- Models ---

void CompareLab::list_families() {
    for (const auto& model : shipped_models())
        families_[family_of(model)] << QString::fromStdString(model.path);
    QStringList names = families_.keys();
    names.sort();
    family_->addItems(names);
    const int last = family_->findText(QSettings().value("compare/family").toString());
    family_->setCurrentIndex(std::max(0, last));
    if (!names.isEmpty()) return choose_family();
    strip_->show_message(MessageStrip::Severity::Warning,
                         tr("There are no trained models to compare yet. Add the checkpoint of a training."),
                         tr("Add model…"), [this] { ask_for_model(); });
}

void CompareLab::choose_family() {
    cases_.reset();
    by_hand_ = false;
    job_.cancel();
    figures_->clear();
    awaited_ = families_.value(family_->currentText());
    rows_->clear();
    for (const QString& path : std::as_const(awaited_)) drawing_.open(path);
}

void CompareLab::open_model(const QString& path) {
    awaited_ << path;
    drawing_.open(path);
}

void CompareLab::take_model(const QString& path, const Contestant& contestant) {
    if (awaited_.removeAll(path) == 0) return;  // of a family that was left
    for (const auto& row : rows_->all())
        if (row.sampler && !takes_same_conditions(*row.sampler, *contestant.sampler))
            return refuse({}, tr("%1 takes other inputs than the rows here: compare models of one task, size "
                                 "and set of classes.")
                                  .arg(QFileInfo(path).fileName()));
    const bool first = !cases_ && rows_->all().empty();
    rows_->add(contestant);
    if (first) back_to_own_inputs();
}

/// `path` is empty where it is not the file of a model that cannot be read.
void CompareLab::refuse(const QString& path, const QString& sentence) {
    awaited_.removeAll(path);
    if (path.isEmpty() && by_hand_)
        return strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Open pictures…"),
                                    [this] { ask_for_inputs(); });
    strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Add model…"),
                         [this] { ask_for_model(); });
}

/// Rows that only moved keep their pictures until they are drawn again.
void CompareLab::change_rows() {
    QHash<QString, PictureMatrix::Row> before;
    for (const auto& row : matrix_->rows()) before[row.detail] = row;
    std::vector<PictureMatrix::Row> rows;
    for (const auto& contestant : rows_->shown()) {
        const auto name = QString::fromStdString(contestant.name);
        auto row = before.value(contestant.sampler ? name : tr("what is true"));
        row.label = QString::fromStdString(contestant.label());
        row.detail = contestant.sampler ? name : tr("what is true");
        row.colour = colour_of(contestant);
        row.removable = contestant.sampler != nullptr;
        rows.push_back(std::move(row));
    }
    shown_.assign(rows.size(), {});
    matrix_->set_rows(std::move(rows));
    refresh();
    measure();
}

// --- Inputs ---

void CompareLab::find_cases(std::function<Cases()> find) { drawing_.find_cases(std::move(find)); }

void CompareLab::back_to_own_inputs() {
    for (const auto& row : rows_->all())
        if (row.sampler) {
            by_hand_ = false;
            return find_cases([sampler = row.sampler] { return own_cases(*sampler); });
        }
}

void CompareLab::use_cases(const std::shared_ptr<const Cases>& cases) {
    cases_ = cases;
    input_->set_count(cases->count);
    const auto is_truth = [](const Contestant& row) { return !row.sampler; };
    const auto& all = rows_->all();
    const bool has_truth = std::ranges::any_of(all, is_truth);
    if (cases->world && !has_truth) return rows_->add(open_contestant("truth"));
    if (!cases->world && has_truth) return rows_->remove_truth();
    refresh();
    measure();
}

void CompareLab::show_input(const Condition& condition, const QString& name) {
    const auto all = rows_->all();
    if (all.empty() || !all.front().sampler) return;
    by_hand_ = true;
    find_cases([sampler = all.front().sampler, input = Case{.name = name.toStdString(), .x = condition}] {
        return single_case(*sampler, input);
    });
}

void CompareLab::ask_for_inputs() {
    const auto all = rows_->all();
    if (all.empty() || !all.front().sampler) return;
    auto* dialog = new QFileDialog(this, tr("Open pictures as inputs"), {},
                                   tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
        std::vector<std::string> paths;
        for (const QString& file : files) paths.push_back(file.toStdString());
        by_hand_ = true;
        find_cases([sampler = rows_->all().front().sampler, paths] { return file_cases(*sampler, paths); });
        strip_->show_message(MessageStrip::Severity::Info,
                             tr("The inputs are %n files; nothing is known of the truth there.", "",
                                static_cast<int>(files.size())),
                             tr("Back to held-out inputs"), [this] { back_to_own_inputs(); });
    });
    dialog->open();
}

// --- Pictures ---

void CompareLab::refresh() {
    if (!cases_ || !isVisible() || rows_->shown().empty()) return;
    stamp_ = drawing_.request({.rows = rows_->shown(),
                               .cases = cases_,
                               .condition = std::min(input_->index(), cases_->count - 1),
                               .columns = columns_->value(),
                               .noise = static_cast<std::uint64_t>(noise_->value())});
}

void CompareLab::show_case(const ShownCase& shown) {
    if (shown.stamp != stamp_) return;
    input_->show_case(shown);
    QStringList headings;
    for (int i = 0; i < columns_->value(); ++i) headings << tr("noise %1").arg(noise_->value() + i + 1);
    matrix_->set_columns(headings);
}

void CompareLab::show_row(const ShownRow& row) {
    if (row.stamp != stamp_) return;
    shown_[row.row] = row;
    show_scale();
}

/// σ of all rows on one scale, which a row that comes later may widen.
void CompareLab::show_scale() {
    double scale = least_scale;
    for (const auto& row : shown_) scale = std::max(scale, largest(row.moments.deviation));
    for (std::size_t i = 0; i < shown_.size(); ++i)
        if (!shown_[i].pictures.empty())
            matrix_->set_pictures(static_cast<int>(i), shown_[i].pictures,
                                  mean_picture(shown_[i].moments.mean),
                                  heat_picture(shown_[i].moments.deviation, scale));
}

void CompareLab::show_pair() {
    const auto side = [this](int row) {
        if (row < 0 || row >= static_cast<int>(matrix_->rows().size())) return PairView::Side();
        const auto& shown = matrix_->rows()[row];
        return PairView::Side{matrix_->picture(row), shown.label, shown.colour};
    };
    pair_->set_pair(side(matrix_->row()), side(matrix_->other_row()));
}

// --- Figures ---

void CompareLab::measure() {
    if (!cases_ || !isVisible() || rows_->shown().empty()) return;
    job_.start(rows_->shown(), cases_,
               {.conditions = figures_->conditions(),
                .samples = figures_->samples(),
                .cache = compare_cache_folder()},
               qEnvironmentVariable("MODESCOPE_LPIPS"));
}

void CompareLab::stop_measuring() {
    job_.cancel();
    measured_.running = false;
    figures_->show_stopped();
}

void CompareLab::show_measured(const Measured& measured) {
    if (!std::ranges::equal(measured.comparison.contestants, rows_->shown(), {}, &Contestant::hash,
                            &Contestant::hash))
        return;  // of the rows that were
    measured_ = measured;
    figures_->show_measured(measured);
}

void CompareLab::show_status() {
    QString data = tr("no inputs");
    if (cases_) data = QString::fromStdString(cases_->title);
    const auto rows = static_cast<int>(rows_->shown().size());
    emit status_changed({tr("%n pictures in %1 ms", "", rows * columns_->value())
                             .arg(QLocale().toString(milliseconds_, 'f', 0)),
                         data});
}

// --- Files ---

void CompareLab::ask_for_model() {
    auto* dialog = new QFileDialog(this, tr("Add model"), {}, tr("Trained models (*.safetensors)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::open_model);
    dialog->open();
}

QString CompareLab::command_line() const {
    QString text = QStringLiteral("modescope compare");
    for (const auto& row : rows_->all())
        text += ' ' + QString::fromStdString(row.path.empty() ? row.name : row.path);
    return text + QStringLiteral(" --conditions %1 --samples %2")
                      .arg(figures_->conditions())
                      .arg(figures_->samples());
}

void CompareLab::ask_where_to_export() {
    if (measured_.estimates.empty() || !cases_) return;
    auto* dialog = new QFileDialog(this, tr("Export report"), {},
                                   tr("Web page (*.html);;Table (*.csv);;All figures (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("html");
    dialog->selectFile(tr("comparison.html"));
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::write_report);
    dialog->open();
}

void CompareLab::write_report(const QString& path) {
    job_.write(measured_.comparison, cases_, command_line(), path);
}

// --- Events ---

void CompareLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    if (family_->count() == 0 && rows_->all().empty()) list_families();
    refresh();
    measure();
}

/// F is held, so it is no action's key.
void CompareLab::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_F || event->modifiers()) return Lab::keyPressEvent(event);
    pair_->set_flipped(true);
}

void CompareLab::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_F) return Lab::keyReleaseEvent(event);
    if (!event->isAutoRepeat()) pair_->set_flipped(false);
}

/// What nobody looks at gives the processor back; the cache keeps what was measured.
void CompareLab::hideEvent(QHideEvent* event) {
    Lab::hideEvent(event);
    if (measured_.running) stop_measuring();
}

void CompareLab::changeEvent(QEvent* event) {
    Lab::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) change_rows();
}

}  // namespace modescope
