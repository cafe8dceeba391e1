#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/sampling/model_library.h"
#include "core/sampling/sampler.h"

class QSettings;

namespace modescope {

class ModelBox;
class TileEngine;

/// The models of the Paint Studio: the main one and, perhaps, one to compare it with. They are loaded on
/// the engine's thread; until a new one is there, and if it cannot be read, the one before stays in use.
class ModelPair : public QObject {
    Q_OBJECT
public:
    enum Place { Main, Comparison };
    using Model = std::shared_ptr<const Sampler>;

    /// Fills the boxes and listens to them.
    ModelPair(TileEngine& engine, ModelBox* main, ModelBox* comparison, QObject* parent);

    /// Lists the shipped models and chooses those of last time, or the ones that show most. False if
    /// there are none. Once.
    bool list(const QSettings& settings);
    bool listed() const;
    void save(QSettings& settings) const;

    /// The comparison becomes the main model and the other way round; nothing without a comparison.
    void swap();
    /// An empty path means none, for the comparison only.
    void choose(Place place, const QString& path);
    /// Null: none, or still loading.
    const Model& model(Place place) const { return choices_[place].model; }
    const QString& path(Place place) const { return choices_[place].path; }
    bool is_loading(Place place) const { return choices_[place].wanted != choices_[place].path; }

signals:
    /// Another main model is about to be in use.
    void replacing(const modescope::Sampler& next);
    void changed();
    /// One sentence about a chosen model.
    void problem(modescope::ModelPair::Place place, const QString& sentence);
    /// A person wants to choose a file.
    void open_requested(modescope::ModelPair::Place place);

private:
    struct Choice {
        QString wanted;    ///< path of what was chosen, perhaps still loading
        QString fallback;  ///< path of what comes back if that cannot be read
        QString path;      ///< of `model`
        Model model;       ///< in use
    };

    void load_ahead(const std::vector<ModelFile>& models);
    void take(const QString& path, const Model& model);
    void use(Place place, const QString& path, const Model& model);
    bool replace_comparison(Place chosen);
    bool comparable() const;
    void offer_comparable();
    void give_up(const QString& path, const QString& sentence);

    TileEngine& engine_;
    ModelBox* boxes_[2];            ///< by place
    Choice choices_[2];             ///< by place
    QHash<QString, Model> models_;  ///< all that were loaded, by path
};

}  // namespace modescope
