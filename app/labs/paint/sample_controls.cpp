#include "app/labs/paint/sample_controls.h"

#include <QAction>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "app/labs/model_box.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int usual_samples = 8;
constexpr int first_seed = 127;      // it and the seven after it show most styles of Street and Maps
constexpr int scale_unit = 100;      // slider steps for a noise scale of 1
constexpr int room_for_words = 640;  // px: with less the models' names need it all
constexpr int last_seed = 99999;

QWidget* group(QWidget* parent, std::initializer_list<QWidget*> widgets) {
    auto* box = new QWidget(parent);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    for (QWidget* widget : widgets) row->addWidget(widget);
    return box;
}

}  // namespace

SampleControls::SampleControls(QWidget* parent)
    : QWidget(parent),
      main_(new ModelBox(ModelBox::Role::Main, this)),
      comparison_(new ModelBox(ModelBox::Role::Comparison, this)),
      samples_(new QSpinBox(this)),
      seed_(new QSpinBox(this)),
      scale_(new QSlider(Qt::Horizontal, this)),
      models_(build_models()),
      noise_(build_noise()),
      buttons_(build_buttons()),
      grid_(new QGridLayout(this)) {
    grid_->setContentsMargins({});
    grid_->setHorizontalSpacing(space::l);
    grid_->setVerticalSpacing(space::m);
    grid_->setColumnStretch(1, 1);
    grid_->addWidget(models_, 0, 0);
    grid_->addWidget(noise_, 1, 0, 1, 3, Qt::AlignLeft);
    grid_->addWidget(buttons_, 0, 2, Qt::AlignRight);
}

QWidget* SampleControls::build_models() {
    main_->setAccessibleName(tr("Model"));
    main_->setToolTip(tr("The trained generator that draws the large tiles."));
    comparison_->setAccessibleName(tr("Comparison model"));
    comparison_->setToolTip(
        tr("A second generator that draws the same layout from the same noise, trained with another loss."));
    return group(this, {main_, comparison_});
}

QWidget* SampleControls::build_noise() {
    samples_->setRange(least_samples, most_samples);
    samples_->setValue(usual_samples);
    samples_->setPrefix(tr("K  "));
    prepare(samples_, tr("Number of samples K"), tr("How many samples are drawn for one drawing."));
    seed_->setRange(0, last_seed);
    seed_->setPrefix(tr("seed  "));
    prepare(seed_, tr("First seed"),
            tr("The noise of the first tile; the next tiles take the next numbers, unless they are pinned. "
               "The same seed always gives the same noise."));
    scale_->setRange(0, 2 * scale_unit);
    scale_->setValue(scale_unit);
    scale_->setFocusPolicy(Qt::TabFocus);
    scale_->setFixedWidth(112);
    scale_->setAccessibleName(tr("Noise scale"));
    scale_->setToolTip(
        tr("Multiplies the noise: 0 draws the most typical picture, 1 is as trained, more "
           "exaggerates. Double click returns to 1."));
    scale_->installEventFilter(this);
    auto* value = new QLabel(this);
    value->setMinimumWidth(fontMetrics().horizontalAdvance("0.00"));
    const auto show_scale = [this, value] { value->setText(locale().toString(scale(), 'f', 2)); };
    connect(scale_, &QSlider::valueChanged, value, show_scale);
    connect(scale_, &QSlider::valueChanged, this, &SampleControls::changed);
    show_scale();
    return group(this, {samples_, seed_, new QLabel(tr("noise"), this), scale_, value});
}

void SampleControls::prepare(QSpinBox* box, const QString& name, const QString& help) {
    box->setAccessibleName(name);
    box->setToolTip(help);
    box->installEventFilter(this);
    connect(box, &QSpinBox::valueChanged, this,
            box == seed_ ? &SampleControls::seed_changed : &SampleControls::changed);
}

QWidget* SampleControls::build_buttons() {
    auto* save = new QAction(icon("save"), tr("Export a contact sheet…"), this);
    save->setObjectName("paint.export");
    save->setIconText(tr("Export"));
    save->setShortcut(QKeySequence("Ctrl+E"));
    save->setToolTip(
        tr("Save all tiles as one picture, with model and noise inside as text (Ctrl+E); the "
           "arrow saves them one by one."));
    connect(save, &QAction::triggered, this, &SampleControls::export_requested);
    auto* all = new QAction(tr("Export tiles and drawing into a folder…"), this);
    all->setObjectName("paint.export_all");
    all->setShortcut(QKeySequence("Ctrl+Shift+E"));
    connect(all, &QAction::triggered, this, &SampleControls::export_all_requested);
    auto* resample = new QAction(icon("resample", QPalette::HighlightedText), tr("Resample"), this);
    resample->setObjectName("paint.resample");
    resample->setShortcut(QKeySequence(Qt::Key_Space));
    connect(resample, &QAction::triggered, this, &SampleControls::resample_requested);
    for (QAction* action : {save, all, resample}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    save_ = new QToolButton(this);
    save_->setDefaultAction(save);
    save_->setProperty("tool", true);
    save_->setFocusPolicy(Qt::TabFocus);
    save_->setAccessibleName(tr("Export"));
    auto* menu = new QMenu(save_);
    menu->addActions({save, all});
    save_->setMenu(menu);
    save_->setPopupMode(QToolButton::MenuButtonPopup);
    auto* resample_button = new QPushButton(resample->icon(), resample->text(), this);
    resample_button->setProperty("primary", true);
    resample_button->setFocusPolicy(Qt::TabFocus);
    resample_button->setToolTip(tr("Draw new noise for all tiles that are not pinned (Space)."));
    connect(resample_button, &QPushButton::clicked, resample, &QAction::trigger);
    return group(this, {save_, resample_button});
}

// --- Values ---

int SampleControls::samples() const { return samples_->value(); }
double SampleControls::scale() const { return static_cast<double>(scale_->value()) / scale_unit; }
quint64 SampleControls::seed() const { return static_cast<quint64>(seed_->value()); }

void SampleControls::draw_seed() {
    // At least that far away, so that no unpinned tile shows a noise of before.
    const int step = QRandomGenerator::global()->bounded(most_samples, last_seed - most_samples);
    seed_->setValue((seed_->value() + step) % last_seed);
}

void SampleControls::set(int samples, double scale, quint64 seed) {
    const QSignalBlocker quiet(this);
    samples_->setValue(samples);
    scale_->setValue(static_cast<int>(std::lround(std::min(scale, 2.0) * scale_unit)));
    seed_->setValue(static_cast<int>(std::min<quint64>(seed, last_seed)));
}

void SampleControls::restore(const QSettings& settings) {
    const QSignalBlocker quiet(this);
    samples_->setValue(settings.value("samples", usual_samples).toInt());
    scale_->setValue(settings.value("scale", scale_unit).toInt());
    seed_->setValue(settings.value("seed", first_seed).toInt());
}

void SampleControls::save(QSettings& settings) const {
    settings.setValue("samples", samples_->value());
    settings.setValue("scale", scale_->value());
    settings.setValue("seed", seed_->value());
}

// --- Events ---

/// One line if there is room for it.
void SampleControls::resizeEvent(QResizeEvent*) {
    save_->setToolButtonStyle(width() >= room_for_words ? Qt::ToolButtonTextBesideIcon
                                                        : Qt::ToolButtonIconOnly);
    const int needed = models_->sizeHint().width() + noise_->sizeHint().width() +
                       buttons_->sizeHint().width() + 2 * grid_->horizontalSpacing();
    const bool one_line = width() >= needed;
    if (one_line == (grid_->itemAtPosition(1, 0) == nullptr)) return;
    grid_->removeWidget(noise_);
    if (one_line)
        grid_->addWidget(noise_, 0, 1, Qt::AlignLeft);
    else
        grid_->addWidget(noise_, 1, 0, 1, 3, Qt::AlignLeft);
}

/// Number fields would keep the page's letter keys, and Space, to themselves.
bool SampleControls::eventFilter(QObject* watched, QEvent* event) {
    if (watched == scale_ && event->type() == QEvent::MouseButtonDblClick) {
        scale_->setValue(scale_unit);
        return true;
    }
    if (event->type() != QEvent::ShortcutOverride || watched == scale_) return false;
    const QString text = static_cast<QKeyEvent*>(event)->text();
    const bool page_key = text == " " || (text.size() == 1 && text[0].isLetter());
    if (page_key) event->ignore();
    return page_key;
}

}  // namespace modescope
