#pragma once

#include <QPointer>
#include <QThread>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "app/labs/lab.h"
#include "app/labs/paint/explore_bar.h"
#include "app/labs/paint/model_pair.h"
#include "app/labs/paint/paint_document_file.h"
#include "app/labs/paint/tile_noises.h"
#include "app/labs/tile_engine.h"

class QSplitter;
class QUndoStack;

namespace modescope {

class FoundTable;
class MessageStrip;
class MixPanel;
class MomentStrip;
class PaintDesk;
class SampleControls;
class Section;
class TileGrid;

/// The Paint Studio: paint what a model is asked and see at once what one or two models make of it with
/// different noise, beside the moments that their samples ought to have; explore the noise itself.
class PaintLab : public Lab {
    Q_OBJECT
public:
    /// Draws a random layout; the models load when the page is first shown. What a person chose last time
    /// comes back.
    explicit PaintLab(QWidget* parent = nullptr);
    /// Remembers it.
    ~PaintLab() override;

    /// Opens a model file as the main one; a bad file is told in the strip.
    void open_model(const QString& path);

    void reset_layout() override;

    /// What a document keeps of the page.
    PaintDrawing drawing() const;
    /// Answers with settled(), perhaps before it returns; a page that was not shown yet loads its models
    /// first.
    void settle();
    /// Shows it, with its models: answers with drawing_shown() or drawing_refused(), perhaps before it
    /// returns. A refused one leaves the drawing as it is, unless only its model could be shown.
    void show_drawing(const PaintDrawing& drawing);
    /// A layout as at the first start.
    void new_drawing();
    /// Takes a picture for the condition, undoably; what cannot be used is told in the strip.
    void take_picture(const QImage& picture, const QString& name);
    /// What was read from a file, whose folder can be walked through from then on.
    void take_file(const QString& path, const QImage& picture);
    /// The first picture of a folder.
    void open_folder(const QString& path);
    QUndoStack* undo_stack() const;
    /// Makes one picture of the drawing and the tiles, null while there are none. To be called on any thread:
    /// it takes a second.
    std::function<QImage()> sheet() const;

signals:
    /// drawing() is for the page's model: neither of them is still being read.
    void settled();
    /// A model for other drawings is about to be used; drawing() is still as it was.
    void drawing_gives_way();
    /// The one of show_drawing(), or its model, is about to take the place of drawing(); perhaps twice.
    void drawing_replaced();
    void models_changed();
    void drawing_shown();
    void drawing_refused(const QString& sentence);
    /// A person has chosen another model while the drawing's was still loading.
    void drawing_abandoned();
    /// By a person: a seed, a pin, K, the noise's scale or any other noise of a tile changed.
    void noise_changed();
    /// By a person: a tile was pinned or let go, or got a noise of its own.
    void noise_kept();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* build_results();
    void build_actions();
    void connect_parts();
    void connect_exploring();
    void restore();
    void save() const;

    void list_models();
    void use_models();
    void tell_settled();
    void name_models();
    void show_pending();
    void refuse_pending(const QString& sentence);
    void abandon_pending();
    void show_problem(ModelPair::Place place, const QString& sentence);
    void ask_for_model(ModelPair::Place place);

    void reseed();
    void refresh();
    void refresh_if_live();
    NoiseRecipe recipe_of(int index) const;
    void show_tiles(const TileResult& result);
    void show_captions();
    void show_sample();
    void suggest_manual();
    void show_study(const TileStudy& study);

    void pin(int index);
    NoiseRecipe own_part(NoiseRecipe typed) const;
    void type_noise(int index, const QString& text);
    void vary();
    void change_amount();
    void freeze();
    void find(ExploreBar::Find what);
    void show_found();
    int place_to_keep() const;
    void mix();
    void update_mix();
    void end_mix();
    void keep_mix(const NoiseRecipe& recipe);

    void show_status();
    void balance();
    void write(const QString& path, std::function<QString()> work);
    void tell_written(const QString& path, const QString& problem);
    void ask_where_to_export();
    void ask_where_to_export_tile(int index);
    void ask_where_to_export_all();
    void ask_where_to_film();

    TileEngine engine_;
    FoundTable* found_;
    PaintDesk* desk_;
    SampleControls* controls_;
    ExploreBar* explore_;
    MessageStrip* strip_;
    TileGrid *tiles_, *comparison_tiles_;
    MixPanel* mix_;
    Section *comparison_, *moments_;
    MomentStrip* moment_strip_;
    QSplitter *columns_, *rows_;

    ModelPair* models_;
    TileNoises noises_;
    std::uint64_t frozen_seed_ = 0;
    TileResult result_;  ///< what the tiles show
    TileStudy study_;    ///< the last one; may be of an older result
    std::optional<ExploreBar::Find> finding_;
    std::optional<PaintDrawing> pending_;  ///< until its model is loaded
    QPointer<QThread> writer_;             ///< of pictures, while it runs
    QString told_of_;                      ///< path of the main model that messages are about
    QString position_, place_, timing_;
    bool stale_ = false;  ///< something changed that the tiles do not show, in manual mode
    bool manual_suggested_ = false;
    bool rows_dragged_ = false;  ///< then balance() leaves their heights alone
};

}  // namespace modescope
