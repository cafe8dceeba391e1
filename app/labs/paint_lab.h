#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/labs/lab.h"
#include "app/labs/model_pair.h"
#include "app/labs/paint_document_file.h"
#include "app/labs/tile_engine.h"

class QSplitter;
class QUndoStack;

namespace modescope {

class FoundTable;
class MessageStrip;
class MomentStrip;
class PaintDesk;
class SampleControls;
class Section;
class TileGrid;

/// The Paint Studio: paint a label map and see at once what one or two models make of it with different
/// noise, beside the moments that their samples ought to have.
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
    /// Shows it, with its models: answers with drawing_shown() or drawing_refused(), perhaps before it
    /// returns. A refused one leaves the drawing as it is, unless only its model could be shown.
    void show_drawing(const PaintDrawing& drawing);
    /// A layout as at the first start.
    void new_drawing();
    /// Takes a picture for the condition, undoably; a sentence if it cannot be one.
    QString take_picture(const QImage& picture);
    QUndoStack* undo_stack() const;
    /// The drawing and the tiles as one picture; null while there are none.
    QImage sheet() const;

signals:
    void drawing_shown();
    void drawing_refused(const QString& sentence);
    /// A seed, a pin, K, the noise's scale or a model changed.
    void noise_changed();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Noise {
        std::uint64_t seed = 0;
        bool pinned = false;
    };

    QWidget* build_results();
    void connect_parts();
    void restore();
    void save() const;

    void list_models();
    void use_models();
    void show_pending();
    void refuse_pending(const QString& sentence);
    void name_models();
    void show_problem(ModelPair::Place place, const QString& sentence);
    void ask_for_model(ModelPair::Place place);

    void reseed();
    void refresh();
    void show_tiles(const TileResult& result);
    void show_study(const TileStudy& study);
    void pin(int index);
    void hover(QPoint pixel, int label);
    void show_status();
    void balance();
    void ask_where_to_export();

    TileEngine engine_;
    FoundTable* found_;
    PaintDesk* desk_;
    SampleControls* controls_;
    MessageStrip* strip_;
    TileGrid *tiles_, *comparison_tiles_;
    Section *comparison_, *moments_;
    MomentStrip* moment_strip_;
    QSplitter *columns_, *rows_;

    ModelPair* models_;
    std::vector<Noise> noises_;  ///< of as many tiles as there can be
    TileResult result_;          ///< what the tiles show
    QString position_, timing_;
    std::optional<PaintDrawing> pending_;  ///< until its model is loaded
    bool rows_dragged_ = false;            ///< then balance() leaves their heights alone
};

}  // namespace modescope
