#pragma once

#include <QHash>
#include <QScrollArea>

#include "app/labs/compare/compare_drawing.h"
#include "app/labs/compare/measure_job.h"
#include "widgets/pair_view.h"

namespace modescope {

class PictureMatrix;

/// The pictures of all rows, each with its most telling figures, and which two of them are looked at.
class ComparePictures : public QScrollArea {
    Q_OBJECT
public:
    explicit ComparePictures(QWidget* parent = nullptr);

    PictureMatrix* matrix() const { return matrix_; }

    /// Rows that were there keep their pictures until they are drawn again.
    void set_rows(const std::vector<Contestant>& rows);
    /// `noise`: the number of the first column's.
    void set_columns(int count, int noise);
    void show_row(const ShownRow& row);
    void show_measured(const Measured& measured);

signals:
    void pair_changed(const modescope::PairView::Side& current, const modescope::PairView::Side& other);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void show_scale();
    void show_pair();

    PictureMatrix* matrix_;
    std::vector<Contestant> rows_;
    QHash<QString, ShownRow> drawn_;     ///< by the contestants' hash
    QHash<QString, QStringList> facts_;  ///< by the contestants' hash
};

}  // namespace modescope
