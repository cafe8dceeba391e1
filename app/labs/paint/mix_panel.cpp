#include "app/labs/paint/mix_panel.h"

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QThread>
#include <QToolButton>
#include <exception>

#include "core/base/failure.h"
#include "core/base/machine.h"
#include "core/sampling/mix_video.h"
#include "widgets/mix_pad.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

namespace modescope {
namespace {

constexpr int tick_ms = 33;
constexpr double leg_seconds = 2;  // from one end to the next, as in the film

}  // namespace

MixPanel::MixPanel(QWidget* parent)
    : QWidget(parent), pad_(new MixPad(this)), picture_(new TileGrid(this)), progress_(new QLabel(this)) {
    picture_->set_pinnable(false);
    picture_->setAccessibleName(tr("Interpolated sample"));
    picture_->set_placeholder(tr("The sample between the selected ones appears here."));
    progress_->setProperty("secondary", true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(space::l);
    row->addWidget(pad_, 1);
    row->addWidget(picture_, 1);
    row->addWidget(build_tools());
    setFocusProxy(pad_);
    ticks_.setInterval(tick_ms);
    connect(&ticks_, &QTimer::timeout, this, &MixPanel::advance);
    connect(pad_, &MixPad::moved, this, [this] {
        play_->setChecked(false);
        draw();
    });
    connect(&engine_, &TileEngine::ready, this, &MixPanel::show_result);
}

MixPanel::~MixPanel() {
    if (!writer_) return;
    *go_on_ = false;
    writer_->wait();
}

// --- Parts ---

QAction* MixPanel::tool(QLayout* row, const char* id, const QString& text, const QString& icon_name,
                        const QKeySequence& key, const QString& help) {
    auto* action = new QAction(icon(icon_name), text, this);
    action->setObjectName(id);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("<b>%1</b> (%2)<br>%3").arg(text, key.toString(QKeySequence::NativeText), help));
    addAction(action);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setProperty("tool", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(text);
    row->addWidget(button);
    return action;
}

QWidget* MixPanel::build_tools() {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins({});
    column->setSpacing(space::s);
    play_ = tool(column, "paint.mix.play", tr("Play"), "play", QKeySequence("Shift+P"),
                 tr("Walk past all the selected samples at even speed."));
    play_->setCheckable(true);
    loop_ = tool(column, "paint.mix.loop", tr("Repeat"), "restart", QKeySequence("Shift+R"),
                 tr("Begin again at the end of the walk."));
    loop_->setCheckable(true);
    loop_->setChecked(true);
    film_ = tool(column, "paint.mix.film", tr("Export film"), "save", QKeySequence("Shift+E"),
                 tr("Save the walk as an MP4 film; again while it is written stops that."));
    auto* keep = tool(column, "paint.mix.keep", tr("Keep"), "pin", QKeySequence("Shift+K"),
                      tr("Put this sample in the place of the current tile and pin it."));
    column->addWidget(progress_, 0, Qt::AlignHCenter);
    column->addStretch();
    auto* close = tool(column, "paint.mix.close", tr("Close"), "close", QKeySequence(Qt::Key_Escape),
                       tr("Back to all tiles."));
    connect(play_, &QAction::toggled, this, &MixPanel::play);
    connect(film_, &QAction::triggered, this, &MixPanel::film_or_stop);
    connect(keep, &QAction::triggered, this, [this] { emit kept(recipe()); });
    connect(close, &QAction::triggered, this, &MixPanel::closed);
    return box;
}

void MixPanel::set_accent(const QColor& colour) { picture_->set_accent(colour); }

// --- What is shown ---

void MixPanel::set_ends(std::vector<End> ends) {
    ends_ = std::move(ends);
    std::vector<QImage> pictures;
    for (const End& end : ends_) pictures.push_back(end.picture);
    set_pictures(pictures);
    pad_->set_position({0.5, 0.5});
    way_ = 0;
    draw();
}

void MixPanel::set_source(const Condition& condition, const std::shared_ptr<const Sampler>& model) {
    condition_ = condition;
    model_ = model;
    draw();
}

void MixPanel::set_pictures(const std::vector<QImage>& pictures) { pad_->set_ends(pictures); }

NoiseRecipe MixPanel::recipe() const {
    std::vector<NoiseRecipe> noises;
    for (const End& end : ends_) noises.push_back(end.noise);
    return between(noises, pad_->position().x(), pad_->position().y());
}

void MixPanel::draw() {
    if (!model_ || ends_.empty()) return;
    TileRequest request;
    request.condition = condition_;
    request.noises = {recipe()};
    request.first = model_;
    wanted_ = engine_.request(std::move(request));
}

void MixPanel::show_result(const TileResult& result) {
    drawn_ = result.request.stamp;
    const QString noise = QString::fromStdString(to_text(result.request.noises.front()));
    const QString caption = pad_->accessibleDescription();
    picture_->set_tiles({{.picture = result.first.front(), .noise = noise, .caption = caption}});
}

// --- Playing ---

void MixPanel::play(bool on) {
    play_->setIcon(icon(on ? "pause" : "play"));
    since_.start();
    if (on)
        ticks_.start();
    else
        ticks_.stop();
}

/// A slow model skips positions instead of falling behind.
void MixPanel::advance() {
    if (wanted_ != drawn_ || ends_.empty()) return;
    const double seconds = static_cast<double>(since_.restart()) / 1000;
    way_ += seconds / (leg_seconds * static_cast<double>(ends_.size()));
    if (way_ >= 1 && !loop_->isChecked()) play_->setChecked(false);
    if (way_ >= 1) way_ = loop_->isChecked() ? way_ - 1 : 0;
    const auto [x, y] = walk(ends_.size(), way_);
    pad_->set_position({x, y});
    draw();
}

void MixPanel::hideEvent(QHideEvent* event) {
    play_->setChecked(false);
    QWidget::hideEvent(event);
}

// --- Film ---

void MixPanel::film_or_stop() {
    if (writer_)
        *go_on_ = false;
    else if (model_)
        emit film_requested();
}

void MixPanel::export_film(const QString& path) {
    if (writer_ || !model_ || ends_.empty()) return;
    MixVideo video{.path = path.toStdString(), .condition = condition_};
    for (const End& end : ends_) video.ends.push_back(end.noise);
    go_on_ = std::make_shared<std::atomic<bool>>(true);
    const auto report = [this](double share) {
        progress_->setText(tr("%1 %").arg(static_cast<int>(100 * share)));
    };
    writer_ = QThread::create([this, video, path, model = model_, go_on = go_on_, report] {
        lower_thread_priority();
        use_threads(1);
        QString problem;
        bool complete = false;
        try {
            complete = write_mix_video(*model, video, [&](double share) {
                QMetaObject::invokeMethod(this, [report, share] { report(share); });
                return go_on->load();
            });
        } catch (const std::exception& error) {
            problem = QString::fromStdString(sentence_of(error));
        }
        QMetaObject::invokeMethod(this,
                                  [this, path, problem, complete] { end_film(path, problem, complete); });
    });
    writer_->setParent(this);
    film_->setIcon(icon("close"));
    writer_->start();
}

void MixPanel::end_film(const QString& path, const QString& problem, bool complete) {
    writer_->wait();
    writer_->deleteLater();
    writer_ = nullptr;
    film_->setIcon(icon("save"));
    progress_->clear();
    if (!problem.isEmpty()) emit export_failed(problem);
    if (complete) emit exported(path);
}

}  // namespace modescope
