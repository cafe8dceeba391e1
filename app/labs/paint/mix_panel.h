#pragma once

#include <QElapsedTimer>
#include <QPointF>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>

#include "app/labs/tile_engine.h"

class QAction;
class QLabel;
class QThread;
class QToolButton;

namespace modescope {

class MixPad;
class TileGrid;

/// Walking between two or four tiles: a pad to drag on and one large tile that follows it, drawn on a thread
/// of its own; the walk can be played, repeated and exported as a film.
class MixPanel : public QWidget {
    Q_OBJECT
public:
    struct End {
        QImage picture;
        NoiseRecipe noise;
    };

    explicit MixPanel(QWidget* parent = nullptr);
    /// Abandons a film that is being written.
    ~MixPanel() override;

    /// Two or four; starts in their middle.
    void set_ends(std::vector<End> ends);
    const std::vector<End>& ends() const { return ends_; }
    /// What is drawn from now on, which the model must be able to draw; the ends' pictures follow with the
    /// next set_pictures().
    void set_source(const Condition& condition, const std::shared_ptr<const Sampler>& model);
    void set_pictures(const std::vector<QImage>& pictures);
    void set_accent(const QColor& colour);
    /// Of the large tile.
    NoiseRecipe recipe() const;
    /// Writes the walk as MP4 in the background; answers with exported(), export_failed() or, when it was
    /// stopped, neither.
    void export_film(const QString& path);

signals:
    void closed();
    void kept(const modescope::NoiseRecipe& recipe);  ///< a person wants it among the tiles
    void film_requested();                            ///< a person wants to choose a file for it
    void exported(const QString& path);
    void export_failed(const QString& sentence);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QAction* tool(QLayout* row, const char* id, const QString& text, const QString& icon_name,
                  const QKeySequence& key, const QString& help);
    QWidget* build_tools();
    void play(bool on);
    void advance();
    void draw();
    void show_result(const TileResult& result);
    void film_or_stop();
    void end_film(const QString& path, const QString& problem, bool complete);

    TileEngine engine_;
    MixPad* pad_;
    TileGrid* picture_;
    QLabel* progress_;
    QAction *play_, *loop_, *film_;
    std::vector<End> ends_;
    Condition condition_;
    std::shared_ptr<const Sampler> model_;
    QTimer ticks_;
    QElapsedTimer since_;             ///< the last tick
    double way_ = 0;                  ///< of the walk, 0 … 1
    quint64 wanted_ = 0, drawn_ = 0;  ///< stamps
    QThread* writer_ = nullptr;       ///< while a film is written
    std::shared_ptr<std::atomic<bool>> go_on_;
};

}  // namespace modescope
