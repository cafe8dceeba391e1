#include "app/labs/model_box.h"

#include <QAbstractItemView>
#include <QDir>
#include <QEvent>
#include <QListView>
#include <QStandardItemModel>
#include <QStylePainter>
#include <algorithm>
#include <exception>

#include "core/worlds/world.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int colour_role = Qt::UserRole + 1;  // a configuration's id
constexpr int open_role = Qt::UserRole + 2;    // true for the entry that asks for a file
constexpr int own_role = Qt::UserRole + 3;     // the name of a model that did not come with the program

/// What a file's name says about its configuration: "street-64-gan+pmr2" → "GAN + pMR₂".
QString label_from_name(const QString& id) {
    try {
        return QString::fromStdString(parse_objective(id.toStdString()).label());
    } catch (const std::exception&) {
        return {};
    }
}

/// "Street", but "Faces, inpainting": of one world there are models for several tasks.
QString data_of(const Spec& spec) {
    const bool folder = spec.data.source == "folder";
    const QString data = folder ? QDir(QString::fromStdString(spec.data.folder)).dirName()
                                : QString::fromStdString(find_world(spec.data.source).name());
    const auto task = find_task(spec.data.task);
    if (task == Task::labels) return data;
    return ModelBox::tr("%1, %2").arg(data, QString::fromStdString(info(task).name).toLower());
}

}  // namespace

QString configuration_label(const Spec& spec) { return QString::fromStdString(spec.objective.label()); }
QString configuration_id(const Spec& spec) { return QString::fromStdString(spec.objective.id()); }

ModelBox::ModelBox(Role role, QWidget* parent) : QComboBox(parent), role_(role) {
    setIconSize(swatch_size);
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    setFocusPolicy(Qt::TabFocus);  // a click leaves the keys to the canvas
    view()->setTextElideMode(Qt::ElideRight);
    connect(this, &QComboBox::activated, this, &ModelBox::activate);
}

void ModelBox::set_models(const std::vector<ModelFile>& models) {
    clear();
    if (role_ == Role::Comparison) addItem(tr("no comparison"), QString());
    for (const ModelFile& model : models)
        add(QString::fromStdString(model.path), QString::fromStdString(model.name));
    insertSeparator(count());
    addItem(icon("folder"), tr("Open model…"));
    setItemData(count() - 1, true, open_role);
    show_model({});
}

/// A model of one's own may be of the same world and loss as one that came with the program.
void ModelBox::add_new(const QString& path) {
    const QString name = QString::fromStdString(model_name(path.toStdString()));
    add(path, name);
    const auto shipped = shipped_models();
    if (std::ranges::find(shipped, path.toStdString(), &ModelFile::path) == shipped.end())
        setItemData(findData(path), name, own_role);
}

void ModelBox::add(const QString& path, const QString& name) {
    const int end = findData(true, open_role) - 1;  // before the separator
    const int index = end >= 0 ? end : count();
    insertItem(index, name, path);
    setItemData(index, path, Qt::ToolTipRole);
    const QString id = name.section('-', -1);
    if (const QString label = label_from_name(id); !label.isEmpty()) set_entry(index, {}, label, id);
}

void ModelBox::set_entry(int index, const QString& world, const QString& configuration, const QString& id) {
    const bool comparison = role_ == Role::Comparison;
    QString full = world.isEmpty() || comparison ? configuration : tr("%1 · %2").arg(world, configuration);
    if (const QString own = itemData(index, own_role).toString(); !own.isEmpty())
        full = tr("%1 · %2").arg(full, own);
    setItemText(index, comparison ? tr("and %1").arg(full) : full);
    setItemData(index, id, colour_role);
    setItemIcon(index, dot(configuration_colour(id)));
}

void ModelBox::describe(const QString& path, const Spec& spec) {
    if (const int index = findData(path); index >= 0)
        set_entry(index, data_of(spec), configuration_label(spec), configuration_id(spec));
}

void ModelBox::offer(const QString& path, bool offered) {
    const int index = findData(path);
    if (index < 0) return;
    qobject_cast<QListView*>(view())->setRowHidden(index, !offered);
    qobject_cast<QStandardItemModel*>(model())->item(index)->setEnabled(offered);  // also for the arrow keys
}

void ModelBox::show_model(const QString& path) {
    if (!path.isEmpty() && !holds(path)) add_new(path);
    shown_ = path;
    setCurrentIndex(path.isEmpty() && role_ == Role::Main ? -1 : findData(path));
}

void ModelBox::activate(int index) {
    if (itemData(index, open_role).toBool()) {
        show_model(shown_);
        return emit open_requested();
    }
    shown_ = itemData(index).toString();
    emit chosen(shown_);
}

/// With an ellipsis where the name is too long; the style would just cut it off.
void ModelBox::paintEvent(QPaintEvent*) {
    QStyleOptionComboBox option;
    initStyleOption(&option);
    int longest = 0;
    for (int i = 0; i < count(); ++i)
        longest = std::max(longest, fontMetrics().horizontalAdvance(itemText(i)));
    const int frame = sizeHint().width() - longest;  // made for the longest
    // A pixel more, as advances are rounded and a text that just fits would lose its end.
    option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, width() - frame + 1);
    QStylePainter painter(this);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

/// Configurations have other shades in the other scheme.
void ModelBox::changeEvent(QEvent* event) {
    QComboBox::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    for (int i = 0; i < count(); ++i)
        if (const QString id = itemData(i, colour_role).toString(); !id.isEmpty())
            setItemIcon(i, dot(configuration_colour(id)));
}

}  // namespace modescope
