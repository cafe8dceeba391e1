#include "app/labs/compare/compare_pictures.h"

#include <QEvent>
#include <QLocale>
#include <algorithm>
#include <utility>

#include "widgets/moment_strip.h"
#include "widgets/picture_matrix.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr double least_scale = 0.02;  // of σ, of 0 … 1: all of it is rounding below

double grey(const FloatImage& image, int x, int y) {
    double sum = 0;
    for (int c = 0; c < image.channels; ++c) sum += image.at(x, y, c);
    return sum / image.channels;
}

double largest(const FloatImage& image) {
    double most = 0;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) most = std::max(most, grey(image, x, y));
    return most;
}

QImage heat_picture(const FloatImage& deviation, double scale) {
    QImage picture(deviation.width, deviation.height, QImage::Format_RGB32);
    for (int y = 0; y < deviation.height; ++y)
        for (int x = 0; x < deviation.width; ++x)
            picture.setPixel(x, y, heat_colour(grey(deviation, x, y) / scale));
    return picture;
}

QImage mean_picture(const FloatImage& mean) {
    const auto byte = [](float value) { return std::clamp(qRound(255 * value), 0, 255); };
    QImage picture(mean.width, mean.height, QImage::Format_RGB32);
    for (int y = 0; y < mean.height; ++y)
        for (int x = 0; x < mean.width; ++x)
            picture.setPixel(x, y,
                             qRgb(byte(mean.at(x, y, 0)), byte(mean.at(x, y, 1)), byte(mean.at(x, y, 2))));
    return picture;
}

QString hash_of(const Contestant& contestant) { return QString::fromStdString(contestant.hash); }

/// "σ 0.189 (0.184 – 0.194)".
QString fact(const QString& name, const Estimate& figure) {
    const auto number = [](double value) { return QLocale().toString(value, 'f', 2); };
    const auto text = QStringLiteral("%1 %2").arg(name, number(figure.value));
    if (figure.conditions < 2) return text;
    return QStringLiteral("%1 (%2–%3)").arg(text, number(figure.low), number(figure.high));
}

/// What says most about collapse, as far as it was measured.
QStringList facts_of(const Comparison& comparison, const std::vector<Estimate>& figures) {
    const std::pair<const char*, QString> telling[] = {{"entropy_ratio", ComparePictures::tr("entropy")},
                                                       {"lpips", ComparePictures::tr("LPIPS")},
                                                       {"deviation", ComparePictures::tr("σ")},
                                                       {"best_of_k", ComparePictures::tr("best of K")}};
    QStringList facts;
    for (const auto& [id, name] : telling) {
        const int m = find_metric(comparison, id);
        if (m >= 0 && m < static_cast<int>(figures.size()) && figures[m].conditions > 0)
            facts << fact(name, figures[m]);
    }
    if (facts.isEmpty()) return {};
    return facts.mid(0, 3) << ComparePictures::tr("n = %1").arg(figures.front().conditions);
}

}  // namespace

ComparePictures::ComparePictures(QWidget* parent) : QScrollArea(parent), matrix_(new PictureMatrix) {
    matrix_->setObjectName("compare.matrix");
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(matrix_);
    setFocusPolicy(Qt::NoFocus);
    connect(matrix_, &PictureMatrix::current_changed, this, &ComparePictures::show_pair);
}

void ComparePictures::set_rows(const std::vector<Contestant>& rows) {
    rows_ = rows;
    rebuild();
}

void ComparePictures::rebuild() {
    std::vector<PictureMatrix::Row> list;
    for (const auto& contestant : rows_) {
        PictureMatrix::Row row;
        row.label = QString::fromStdString(contestant.label());
        row.detail = contestant.sampler ? QString::fromStdString(contestant.name) : tr("what is true");
        row.colour = configuration_colour(QString::fromStdString(contestant.configuration()));
        row.facts = facts_.value(hash_of(contestant));
        row.removable = contestant.sampler != nullptr;
        list.push_back(std::move(row));
    }
    matrix_->set_rows(std::move(list));
    show_scale();
}

void ComparePictures::set_columns(int count, int noise) {
    QStringList headings;
    for (int i = 0; i < count; ++i) headings << tr("noise %1").arg(noise + i + 1);
    matrix_->set_columns(headings);
}

void ComparePictures::show_row(const ShownRow& row) {
    drawn_[hash_of(rows_.at(static_cast<std::size_t>(row.row)))] = row;
    show_scale();
}

/// σ of all rows on one scale, which a row that comes later may widen.
void ComparePictures::show_scale() {
    double scale = least_scale;
    for (const auto& row : rows_)
        if (const auto shown = drawn_.constFind(hash_of(row)); shown != drawn_.constEnd())
            scale = std::max(scale, largest(shown->moments.deviation));
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (const auto shown = drawn_.constFind(hash_of(rows_[i])); shown != drawn_.constEnd())
            matrix_->set_pictures(static_cast<int>(i), shown->pictures, mean_picture(shown->moments.mean),
                                  heat_picture(shown->moments.deviation, scale));
}

void ComparePictures::show_measured(const Measured& measured) {
    facts_.clear();
    for (std::size_t c = 0; c < measured.estimates.size(); ++c)
        facts_[hash_of(measured.comparison.contestants[c])] =
            facts_of(measured.comparison, measured.estimates[c]);
    for (std::size_t i = 0; i < rows_.size(); ++i)
        matrix_->set_facts(static_cast<int>(i), facts_.value(hash_of(rows_[i])));
}

void ComparePictures::show_pair() {
    const auto& rows = matrix_->rows();
    const auto side = [&](int row) {
        if (row < 0 || row >= static_cast<int>(rows.size())) return PairView::Side();
        const auto same = std::ranges::count(rows, rows[row].label, &PictureMatrix::Row::label);
        return PairView::Side{matrix_->picture(row), same > 1 ? rows[row].detail : rows[row].label,
                              rows[row].colour};
    };
    emit pair_changed(side(matrix_->row()), side(matrix_->other_row()));
}

void ComparePictures::changeEvent(QEvent* event) {
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) rebuild();
}

}  // namespace modescope
