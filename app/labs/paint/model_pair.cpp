#include "app/labs/paint/model_pair.h"

#include <QFileInfo>
#include <QSettings>
#include <algorithm>
#include <utility>

#include "app/labs/model_box.h"
#include "app/labs/tile_engine.h"
#include "core/experiments/compare_cases.h"

namespace modescope {
namespace {

QString to_path(const ModelFile& model) { return QString::fromStdString(model.path); }

/// The model whose name ends so; else empty.
QString model_ending(const std::vector<ModelFile>& models, const char* ending) {
    const auto found = std::ranges::find_if(
        models, [ending](const ModelFile& model) { return model.name.ends_with(ending); });
    return found == models.end() ? QString() : to_path(*found);
}

/// The shipped model of the same preset that ignores its noise, or for that one itself, the one that does
/// not; else empty.
QString counterpart(const Sampler& model) {
    const auto& spec = model.spec();
    for (const std::string id : {"gan+l1", "gan+l2", "gan+pmr2"})
        for (const auto& file : shipped_models())
            if (id != spec.objective.id() && file.name == spec.preset + "-" + id) return to_path(file);
    return {};
}

}  // namespace

ModelPair::ModelPair(TileEngine& engine, ModelBox* main, ModelBox* comparison, QObject* parent)
    : QObject(parent), engine_(engine), boxes_{main, comparison} {
    connect(&engine_, &TileEngine::loaded, this, &ModelPair::take);
    connect(&engine_, &TileEngine::failed, this, &ModelPair::give_up);
    for (const Place place : {Main, Comparison}) {
        connect(boxes_[place], &ModelBox::chosen, this,
                [this, place](const QString& path) { choose(place, path); });
        connect(boxes_[place], &ModelBox::open_requested, this,
                [this, place] { emit open_requested(place); });
    }
}

bool ModelPair::listed() const { return boxes_[Main]->count() > 0; }

bool ModelPair::list(const QSettings& settings) {
    const auto models = shipped_models();
    for (ModelBox* box : boxes_) box->set_models(models);
    if (models.empty()) return false;
    const auto remembered = [&](const char* key, const QString& otherwise) {
        const QString path = settings.value(key, otherwise).toString();
        return path.isEmpty() || QFileInfo::exists(path) ? path : otherwise;
    };
    const QString ending = model_ending(models, "-gan+pmr2");
    const QString first = ending.isEmpty() ? to_path(models.front()) : ending;
    choices_[Main].wanted = first;  // comes back if the remembered one cannot be read
    choose(Main, remembered("model", first));
    choose(Comparison, remembered("comparison", model_ending(models, "-gan+l1")));
    load_ahead(models);
    return true;
}

/// For the others' full names, and for a switch without a wait.
void ModelPair::load_ahead(const std::vector<ModelFile>& models) {
    for (const ModelFile& model : models) {
        const QString path = to_path(model);
        if (path != choices_[Main].wanted && path != choices_[Comparison].wanted) engine_.load(path);
    }
}

void ModelPair::save(QSettings& settings) const {
    if (choices_[Main].path.isEmpty()) return;  // nothing was chosen
    settings.setValue("model", choices_[Main].path);
    settings.setValue("comparison", choices_[Comparison].path);
}

void ModelPair::choose(Place place, const QString& path) {
    Choice& choice = choices_[place];
    choice.fallback = choice.path.isEmpty() ? choice.wanted : choice.path;
    choice.wanted = path;
    boxes_[place]->show_model(path);
    const Model known = models_.value(path);
    if (path.isEmpty() || (known && !known->is_outdated()))
        use(place, path, known);
    else
        engine_.load(path);
}

void ModelPair::take(const QString& path, const Model& model) {
    models_[path] = model;
    for (const Place place : {Main, Comparison}) {
        boxes_[place]->describe(path, model->spec());
        if (choices_[place].wanted == path) use(place, path, model);
    }
    offer_comparable();
}

void ModelPair::use(Place place, const QString& path, const Model& model) {
    if (place == Main && model && model != choices_[Main].model) emit replacing(*model);
    choices_[place] = {path, path, path, model};
    offer_comparable();
    // First: who hears of the change may choose another.
    const bool dropped = !comparable(), replaced = dropped && replace_comparison(place);
    emit changed();
    if (dropped && !replaced)
        emit problem(Comparison,
                     tr("The two models draw from inputs of different kinds or sizes, so they cannot be "
                        "compared. Choose another comparison."));
}

/// Whoever chose the main model wants the same comparison of its kind; who chose the other one is told.
/// False: there is none.
bool ModelPair::replace_comparison(Place chosen) {
    choices_[Comparison] = {};
    boxes_[Comparison]->show_model({});
    const QString other = chosen == Main ? counterpart(*choices_[Main].model) : QString();
    if (!other.isEmpty()) choose(Comparison, other);
    return !other.isEmpty();
}

/// Of the sixteen that come with the program, four take the inputs of any one.
void ModelPair::offer_comparable() {
    const Model& main = choices_[Main].model;
    for (const auto& [path, model] : models_.asKeyValueRange())
        boxes_[Comparison]->offer(path, !main || takes_same_conditions(*main, *model));
}

bool ModelPair::comparable() const {
    const Model &main = choices_[Main].model, &other = choices_[Comparison].model;
    return !main || !other || takes_same_conditions(*main, *other);
}

void ModelPair::swap() {
    if (!choices_[Main].model || !choices_[Comparison].model) return;
    emit replacing(*choices_[Comparison].model);
    std::swap(choices_[Main], choices_[Comparison]);
    for (const Place place : {Main, Comparison}) {
        boxes_[place]->show_model(choices_[place].path);
        boxes_[place]->describe(choices_[place].path, choices_[place].model->spec());
    }
    offer_comparable();
    emit changed();
}

/// A model that was only loaded ahead is told of when somebody chooses it.
void ModelPair::give_up(const QString& path, const QString& sentence) {
    if (path.isEmpty()) return emit problem(Main, sentence);  // drawing failed
    for (const Place place : {Main, Comparison}) {
        if (choices_[place].wanted != path) continue;
        const QString fallback = choices_[place].fallback;
        choices_[place].wanted.clear();
        boxes_[place]->show_model({});
        if (!fallback.isEmpty() && fallback != path) choose(place, fallback);
        emit problem(place, sentence);
    }
}

}  // namespace modescope
