// What the Paint Studio's tiles show and how their noise is explored.
#include <QLocale>
#include <QMenu>
#include <QRandomGenerator>
#include <algorithm>

#include "app/labs/paint/found_table.h"
#include "app/labs/paint/mix_panel.h"
#include "app/labs/paint/paint_desk.h"
#include "app/labs/paint/paint_lab.h"
#include "app/labs/paint/sample_controls.h"
#include "app/labs/section.h"
#include "core/base/error.h"
#include "core/sampling/model_library.h"
#include "widgets/message_strip.h"
#include "widgets/moment_strip.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

namespace modescope {
namespace {

constexpr double slow_ms = 250;   // beyond it, drawing along lags behind the hand
constexpr int last_seed = 99999;  // a number that one can read out and type

std::uint64_t some_seed() {
    return static_cast<std::uint64_t>(QRandomGenerator::global()->bounded(1, last_seed));
}

/// Empty where the seed alone says it.
QString caption_of(const NoiseRecipe& recipe) {
    const auto factors = factors_of(recipe);
    if (factors.size() == 1) return {};
    if (recipe.amount > 0)
        return PaintLab::tr("near %1 · %2", "a seed and how near")
            .arg(recipe.parts.front().seed)
            .arg(recipe.amount, 0, 'f', 2);
    QStringList seeds;
    for (const auto& part : factors) seeds << QString::number(part.seed);
    return seeds.join(" + ");
}

std::vector<int> found_tiles(const SampleExtremes& extremes, ExploreBar::Find what) {
    switch (what) {
        case ExploreBar::Find::NearestPair:
            return {extremes.nearest.first, extremes.nearest.second};
        case ExploreBar::Find::FarthestPair:
            return {extremes.farthest.first, extremes.farthest.second};
        case ExploreBar::Find::MostTypical:
            return {extremes.typical};
        case ExploreBar::Find::MostUnusual:
            break;
    }
    return {extremes.unusual};
}

QString mark_of(const SampleExtremes& extremes, ExploreBar::Find what) {
    const auto with = [](const QString& text, double distance) {
        return text.arg(QLocale().toString(distance, 'f', 3));
    };
    switch (what) {
        case ExploreBar::Find::NearestPair:
            return with(PaintLab::tr("nearest · %1"), extremes.nearest_distance);
        case ExploreBar::Find::FarthestPair:
            return with(PaintLab::tr("farthest · %1"), extremes.farthest_distance);
        case ExploreBar::Find::MostTypical:
            return with(PaintLab::tr("typical · %1"), extremes.typical_distance);
        case ExploreBar::Find::MostUnusual:
            break;
    }
    return with(PaintLab::tr("unusual · %1"), extremes.unusual_distance);
}

}  // namespace

void PaintLab::connect_exploring() {
    connect(tiles_, &TileGrid::pin_toggled, this, &PaintLab::pin);
    connect(tiles_, &TileGrid::noise_typed, this, &PaintLab::type_noise);
    connect(tiles_, &TileGrid::context_menu_opened, this, [this](QMenu* menu, int index) {
        menu->addSeparator();
        menu->addAction(icon("save"), tr("Save tile…"), this,
                        [this, index] { ask_where_to_export_tile(index); });
    });
    connect(tiles_, &TileGrid::selection_changed, this, [this] {
        finding_.reset();
        explore_->set_selected(static_cast<int>(tiles_->selected().size()));
        if (mix_->isVisible()) mix();
    });
    connect(explore_, &ExploreBar::vary_requested, this, &PaintLab::vary);
    connect(explore_, &ExploreBar::amount_changed, this, &PaintLab::change_amount);
    connect(explore_, &ExploreBar::levels_changed, this, &PaintLab::freeze);
    connect(explore_, &ExploreBar::find_requested, this, &PaintLab::find);
    connect(explore_, &ExploreBar::mix_requested, this, &PaintLab::mix);
    connect(explore_, &ExploreBar::draw_requested, this, &PaintLab::refresh);
    connect(explore_, &ExploreBar::live_changed, this, &PaintLab::refresh);
    connect(mix_, &MixPanel::closed, this, &PaintLab::end_mix);
    connect(mix_, &MixPanel::kept, this, &PaintLab::keep_mix);
    connect(mix_, &MixPanel::film_requested, this, &PaintLab::ask_where_to_film);
    connect(mix_, &MixPanel::exported, this, [this](const QString& path) {
        strip_->show_message(MessageStrip::Severity::Info, tr("The film is in %1.").arg(path));
    });
    connect(mix_, &MixPanel::export_failed, this, [this](const QString& sentence) {
        strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Export…"),
                             [this] { ask_where_to_film(); });
    });
}

// --- Drawing ---

void PaintLab::reseed() {
    noises_.reseed(controls_->seed());
    refresh();
    emit noise_changed();
}

/// With what counts for all tiles.
NoiseRecipe PaintLab::recipe_of(int index) const {
    NoiseRecipe recipe = noises_[index].recipe;
    recipe.scale *= controls_->scale();
    const auto frozen = explore_->frozen_levels();
    if (frozen.empty()) return recipe;
    recipe.frozen_levels = frozen;
    recipe.frozen_seed = frozen_seed_;
    return recipe;
}

void PaintLab::refresh() {
    if (!models_->model(ModelPair::Main) || !isVisible()) return;
    stale_ = false;
    TileRequest request;
    request.condition = desk_->condition();
    request.example = desk_->example();
    for (int i = 0; i < controls_->samples(); ++i) request.noises.push_back(recipe_of(i));
    request.first = models_->model(ModelPair::Main);
    if (comparison_->is_open()) request.second = models_->model(ModelPair::Comparison);
    request.moments = moments_->is_open();
    engine_.request(std::move(request));
}

void PaintLab::refresh_if_live() {
    if (explore_->is_live()) return refresh();
    stale_ = true;
    show_status();
}

void PaintLab::show_tiles(const TileResult& result) {
    if (result.request.noises.size() != result_.request.noises.size()) balance();
    result_ = result;
    show_captions();
    show_sample();
    timing_ = tr("%n tiles in %1 ms", "", static_cast<int>(result.first.size()))
                  .arg(locale().toString(result.milliseconds, 'f', result.milliseconds < 10 ? 1 : 0));
    show_status();
    if (mix_->isVisible()) update_mix();
    if (result.milliseconds > slow_ms) suggest_manual();
}

/// Tiles with all that is known of them.
void PaintLab::show_captions() {
    const bool studied = study_.request.stamp == result_.request.stamp;
    const bool found = studied && finding_ && study_.extremes;
    const auto marked = found ? found_tiles(*study_.extremes, *finding_) : std::vector<int>();
    std::vector<TileGrid::Tile> first, second;
    for (int i = 0; i < static_cast<int>(result_.first.size()); ++i) {
        const NoiseRecipe& recipe = result_.request.noises[i];
        TileGrid::Tile tile{.picture = result_.first[i],
                            .seed = recipe.parts.front().seed,
                            .pinned = noises_[i].pinned && recipe_of(i) == recipe,
                            .noise = QString::fromStdString(to_text(recipe)),
                            .caption = caption_of(recipe)};
        if (std::ranges::count(marked, i)) tile.mark = mark_of(*study_.extremes, *finding_);
        if (!result_.second.empty())
            second.push_back({.picture = result_.second[i], .seed = tile.seed, .caption = tile.caption});
        if (studied && i < static_cast<int>(study_.errors.size())) {
            const QString seed = tile.caption.isEmpty() ? tr("seed %1").arg(tile.seed) : tile.caption;
            tile.caption = tr("%1 · error %2", "of a sample made small again")
                               .arg(seed, locale().toString(study_.errors[i], 'f', 3));
        }
        first.push_back(std::move(tile));
    }
    tiles_->set_tiles(std::move(first));
    if (!second.empty()) comparison_tiles_->set_tiles(std::move(second));
}

/// Under the labels, for who wants it there.
void PaintLab::show_sample() {
    const auto current = static_cast<std::size_t>(std::max(0, tiles_->current()));
    const bool there = desk_->wants_sample() && current < result_.first.size();
    desk_->set_sample(there ? result_.first[current] : QImage());
}

void PaintLab::suggest_manual() {
    if (!explore_->is_live() || manual_suggested_ || strip_->isVisible()) return;
    manual_suggested_ = true;
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("Drawing takes %1 ms, so the tiles lag behind the brush.")
                             .arg(locale().toString(result_.milliseconds, 'f', 0)),
                         tr("Draw on Ctrl+Enter only"), [this] { explore_->set_live(false); });
}

void PaintLab::show_study(const TileStudy& study) {
    if (study.request.stamp != result_.request.stamp) return;
    study_ = study;
    found_->set_study(study);
    explore_->set_findable(study.extremes.has_value());
    if (study.request.moments) moment_strip_->set_moments(study.samples, study.predicted, study.truth);
    if (finding_) return show_found();
    if (!study.errors.empty()) show_captions();
}

void PaintLab::show_status() {
    const auto& main = models_->model(ModelPair::Main);
    QString model = tr("no model");
    if (main)
        model = tr("%1 · %2 steps")
                    .arg(QString::fromStdString(model_name(models_->path(ModelPair::Main).toStdString())),
                         locale().toString(qlonglong(main->steps())));
    QStringList facts{position_, stale_ ? tr("changed · Ctrl+Enter draws") : timing_, model};
    if (!place_.isEmpty()) facts.insert(0, place_);
    emit status_changed(facts);
}

// --- Noise ---

/// Of what is shown, which may be a moment behind. A tile that is let go keeps its noise until the next
/// resampling.
void PaintLab::pin(int index) {
    const NoiseRecipe& shown = result_.request.noises[static_cast<std::size_t>(index)];
    if (!(recipe_of(index) == shown)) {
        NoiseRecipe own = shown;
        own.scale = 1;
        own.frozen_levels.clear();
        noises_.set(index, own);
    }
    noises_.pin(index, tiles_->tiles()[static_cast<std::size_t>(index)].pinned);
    emit noise_kept();
    emit noise_changed();
}

/// Without what counts for all tiles, which the text of a tile tells too.
NoiseRecipe PaintLab::own_part(NoiseRecipe typed) const {
    const double common = controls_->scale();
    typed.scale = typed.scale == 1 || common == 0 ? 1 : typed.scale / common;
    if (typed.frozen_levels == explore_->frozen_levels()) {
        typed.frozen_levels.clear();
        typed.frozen_seed = {};
    }
    return typed;
}

void PaintLab::type_noise(int index, const QString& text) {
    try {
        noises_.set(index, own_part(parse_recipe(text.toStdString())));
    } catch (const Error& error) {
        return strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()),
                                    tr("Type again"), [this, index] { tiles_->edit_noise(index); });
    }
    refresh();
    emit noise_kept();
    emit noise_changed();
}

void PaintLab::vary() {
    noises_.vary_around(tiles_->current(), some_seed(), explore_->amount());
    refresh();
    emit noise_changed();
}

void PaintLab::change_amount() {
    if (!noises_.set_amount(explore_->amount())) return;
    refresh_if_live();
    emit noise_changed();
}

void PaintLab::freeze() {
    frozen_seed_ = factors_of(noises_[tiles_->current()].recipe).front().seed;
    refresh();
    emit noise_changed();
}

void PaintLab::find(ExploreBar::Find what) {
    finding_ = what;
    show_found();
}

void PaintLab::show_found() {
    if (!study_.extremes || study_.request.stamp != result_.request.stamp) return;
    const auto found = found_tiles(*study_.extremes, *finding_);
    const auto what = *finding_;
    tiles_->select(found);
    finding_ = what;  // a new selection has ended the search
    tiles_->set_current(found.front());
    show_captions();
}

// --- Interpolation ---

void PaintLab::mix() {
    const auto& chosen = tiles_->selected();
    if (chosen.size() != 2 && chosen.size() != 4) return end_mix();
    if (result_.first.empty()) return;
    const bool opens = !mix_->isVisible();
    std::vector<MixPanel::End> ends;
    for (const int index : chosen) ends.push_back({result_.first[index], result_.request.noises[index]});
    mix_->set_source(result_.request.condition, result_.request.first);
    mix_->set_ends(std::move(ends));
    if (!opens) return;
    mix_->show();
    mix_->setFocus();
    rows_dragged_ = false;
    balance();
}

/// The drawing, the model or the noise of the ends has changed.
void PaintLab::update_mix() {
    const auto& chosen = tiles_->selected();
    const auto& ends = mix_->ends();
    bool same = chosen.size() == ends.size();
    for (std::size_t i = 0; same && i < ends.size(); ++i)
        same = ends[i].noise == result_.request.noises[chosen[i]];
    if (!same) return mix();
    std::vector<QImage> pictures;
    for (const int index : chosen) pictures.push_back(result_.first[index]);
    mix_->set_pictures(pictures);
    mix_->set_source(result_.request.condition, result_.request.first);
}

void PaintLab::end_mix() {
    if (!mix_->isVisible()) return;
    mix_->hide();
    rows_dragged_ = false;
    balance();
    tiles_->setFocus();
}

/// The next tile that is neither pinned nor an end, which stay, so that one can go on; if there is none, a
/// pinned one gives way.
int PaintLab::place_to_keep() const {
    const int count = controls_->samples();
    std::optional<int> pinned;
    for (int i = 0; i < count; ++i) {
        const int place = (tiles_->current() + i) % count;
        if (std::ranges::count(tiles_->selected(), place)) continue;
        if (!noises_[place].pinned) return place;
        if (!pinned) pinned = place;
    }
    return pinned.value_or(tiles_->current());
}

void PaintLab::keep_mix(const NoiseRecipe& recipe) {
    NoiseRecipe own = recipe;
    own.scale = 1;
    own.frozen_levels.clear();
    const int place = place_to_keep();
    noises_.set(place, own);
    noises_.pin(place, true);
    tiles_->set_current(place);
    refresh();
    emit noise_kept();
    emit noise_changed();
}

}  // namespace modescope
