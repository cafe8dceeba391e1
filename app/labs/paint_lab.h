#pragma once

#include <QHash>
#include <QPointer>
#include <map>
#include <memory>
#include <vector>

#include "app/labs/lab.h"
#include "app/labs/tile_engine.h"

class QSplitter;

namespace modescope {

class FoundTable;
class MessageStrip;
class ModelBox;
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
    /// Loads the shipped models and draws a random layout; what a person chose last time comes back.
    explicit PaintLab(QWidget* parent = nullptr);
    /// Remembers it.
    ~PaintLab() override;

    /// Opens a model file as the main one; a bad file is told in the strip.
    void open_model(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum Place { Main, Comparison };
    using Model = std::shared_ptr<const Sampler>;

    QWidget* build_results();
    void connect_parts();
    void add_shortcuts();
    void restore();
    void save() const;

    void list_models();
    void choose(Place place, const QString& path);
    void take_model(const QString& path, const Model& model);
    void put_model(Place place, const Model& model);
    bool fits(const Model& model) const;
    void report_failure(const QString& path, const QString& sentence);
    void ask_for_model(Place place);

    std::vector<quint64> seeds() const;
    void set_pinned(int index, bool pinned);
    void resample();
    void refresh();
    void show_tiles(const TileResult& result);
    void show_study(const TileStudy& study);
    void show_status();
    void hover(QPoint pixel, int label);
    void balance();
    void export_tiles();

    TileEngine engine_;
    PaintDesk* desk_;
    SampleControls* controls_;
    MessageStrip* strip_;
    TileGrid *tiles_, *comparison_tiles_;
    Section *comparison_, *moments_;
    MomentStrip* moment_strip_;
    FoundTable* found_;
    QSplitter *columns_, *rows_;

    QHash<QString, Model> models_;  ///< all that were loaded, by path
    QString paths_[2];              ///< chosen, by place
    Model shown_[2];                ///< in use, by place
    std::map<int, quint64> pins_;   ///< seeds by tile
    TileResult result_;             ///< what the tiles show
    QString position_, timing_, findings_;
    bool rows_dragged_ = false;  ///< then balance() leaves their heights alone
};

}  // namespace modescope
