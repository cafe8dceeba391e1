#include "app/labs/paint/label_import.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>

#include "app/labs/tile_engine.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int preview_side = 176, least_rows_width = 380;

/// Numbers as shades that can be told apart, as far as there are shades.
QImage picture_of(const LabelPicture& labels) {
    LabelKey most = 1;
    for (const LabelKey key : labels.keys)
        if (is_number(key)) most = std::max(most, key);
    QImage picture(labels.width, labels.height, QImage::Format_RGB32);
    auto key = labels.keys.begin();
    for (int y = 0; y < labels.height; ++y)
        for (int x = 0; x < labels.width; ++x, ++key) {
            const int shade = static_cast<int>(255 * (*key & 0xffffffu) / most);
            picture.setPixel(x, y, is_number(*key) ? qRgb(shade, shade, shade) : *key);
        }
    return picture;
}

void show_in(QLabel& label, const QImage& picture) {
    const qreal ratio = label.devicePixelRatioF();
    QPixmap pixels = QPixmap::fromImage(picture.scaled(QSize(preview_side, preview_side) * ratio,
                                                       Qt::KeepAspectRatio, Qt::FastTransformation));
    pixels.setDevicePixelRatio(ratio);
    label.setPixmap(pixels);
}

QColor colour_of(const LabelClass& label_class) {
    const auto [red, green, blue] = label_class.colour;
    return {red, green, blue};
}

}  // namespace

LabelImport::LabelImport(const LabelPicture& picture, const QString& name, const Palette& classes,
                         const LabelMeanings& known, QWidget* parent)
    : QDialog(parent),
      picture_(picture),
      classes_(classes),
      known_(known),
      source_(new QLabel(this)),
      result_(new QLabel(this)),
      remember_(new QCheckBox(tr("The next pictures mean the same"), this)) {
    setObjectName("label_import");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("What the labels mean"));
    auto* question = new QLabel(
        tr("%1 has labels that belong to no class of the model. What does each become?").arg(name), this);
    question->setWordWrap(true);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(space::l);
    middle->addWidget(build_rows(), 1);
    middle->addWidget(build_previews());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::l, space::l, space::l, space::l);
    layout->setSpacing(space::l);
    layout->addWidget(question);
    layout->addLayout(middle, 1);
    layout->addWidget(build_buttons());
    show_in(*source_, picture_of(picture_));
    show_result();
    if (!boxes_.empty()) boxes_.front().second->setFocus();
}

QWidget* LabelImport::build_rows() {
    auto* rows = new QWidget;
    auto* grid = new QGridLayout(rows);
    grid->setContentsMargins(0, 0, space::m, 0);
    grid->setHorizontalSpacing(space::m);
    grid->setVerticalSpacing(space::s);
    grid->setColumnStretch(3, 1);
    for (const auto& [key, pixels] : unknown_keys(picture_, known_)) add_row(*grid, key, pixels);
    grid->setRowStretch(grid->rowCount(), 1);
    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumWidth(least_rows_width);
    area->setWidget(rows);
    return area;
}

void LabelImport::add_row(QGridLayout& grid, LabelKey key, int pixels) {
    const int row = grid.rowCount();
    const double share = 100.0 * pixels / static_cast<double>(picture_.keys.size());
    auto* colour = new QLabel;
    if (!is_number(key)) colour->setPixmap(swatch(QColor(key)).pixmap(swatch_size));
    auto* count =
        new QLabel(tr("%n pixels · %1 %", "", pixels).arg(locale().toString(share, 'f', share < 10 ? 1 : 0)));
    count->setProperty("secondary", true);
    count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    grid.addWidget(colour, row, 0);
    grid.addWidget(new QLabel(text_of(key)), row, 1);
    grid.addWidget(count, row, 2);
    grid.addWidget(build_box(key), row, 3);
}

QComboBox* LabelImport::build_box(LabelKey key) {
    auto* box = new QComboBox;
    box->setObjectName("meaning_" + text_of(key));
    box->setIconSize(swatch_size);
    box->setAccessibleName(tr("Class of %1").arg(text_of(key)));
    box->setToolTip(tr("What the pixels of %1 become on the canvas.").arg(text_of(key)));
    for (const LabelClass& label_class : classes_)
        box->addItem(swatch(colour_of(label_class)), QString::fromStdString(label_class.name));
    box->setCurrentIndex(nearest_class(key, classes_));
    connect(box, &QComboBox::currentIndexChanged, this, &LabelImport::show_result);
    boxes_.emplace_back(key, box);
    return box;
}

QWidget* LabelImport::build_previews() {
    auto* previews = new QWidget(this);
    auto* column = new QVBoxLayout(previews);
    column->setContentsMargins({});
    column->setSpacing(space::s);
    for (const auto& [picture, title] :
         {std::pair(source_, tr("The picture")), std::pair(result_, tr("On the canvas"))}) {
        auto* name = new QLabel(title);
        name->setProperty("secondary", true);
        picture->setFixedSize(preview_side, preview_side);
        picture->setAccessibleName(title);
        column->addWidget(name);
        column->addWidget(picture);
        column->addSpacing(space::m);
    }
    column->addStretch();
    return previews;
}

QWidget* LabelImport::build_buttons() {
    remember_->setObjectName("import_remember");
    remember_->setChecked(true);
    remember_->setToolTip(tr("Asks again only for labels that have not been settled here."));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto* take = buttons->button(QDialogButtonBox::Ok);
    take->setText(tr("Take the picture"));
    take->setToolTip(tr("Put it on the canvas with these classes; undo brings the drawing back."));
    take->setObjectName("import_take");
    buttons->button(QDialogButtonBox::Cancel)->setToolTip(tr("Leave the drawing as it is."));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins({});
    row->addWidget(remember_);
    row->addStretch();
    row->addWidget(buttons);
    return line;
}

LabelMeanings LabelImport::meanings() const {
    LabelMeanings meanings = known_;
    for (const auto& [key, box] : boxes_) meanings[key] = static_cast<std::uint8_t>(box->currentIndex());
    return meanings;
}

bool LabelImport::remembers() const { return remember_->isChecked(); }

void LabelImport::show_result() { show_in(*result_, to_qimage(colour_labels(classes_, labels()))); }

}  // namespace modescope
