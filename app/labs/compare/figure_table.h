#pragma once

#include <QTableWidget>
#include <vector>

#include "core/experiments/compare.h"

namespace modescope {

/// The figures of all models: a row for each, a column for each metric, every value with its 95 % interval in
/// numbers and as a bar on the column's common scale.
class FigureTable : public QTableWidget {
    Q_OBJECT
public:
    explicit FigureTable(QWidget* parent = nullptr);

    /// `estimates` by contestant, then metric.
    void set_figures(const Comparison& comparison, const std::vector<std::vector<Estimate>>& estimates);
    void clear_figures();

protected:
    void changeEvent(QEvent* event) override;

private:
    void set_columns(const Comparison& comparison);
    void set_row(int row);
    void set_cell(int row, int column);
    void fill(QTableWidgetItem& item, int row, std::size_t metric) const;

    Comparison comparison_;
    std::vector<std::vector<Estimate>> estimates_;
    std::vector<std::size_t> metrics_;  ///< by column, from the second one on
};

}  // namespace modescope
