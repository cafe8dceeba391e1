#include "app/labs/compare/compare_toolbar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <algorithm>

#include "app/labs/compare/compare_rows.h"
#include "app/labs/page_action.h"

namespace modescope {
namespace {

constexpr int least_columns = 2, most_columns = 16, usual_columns = 8, last_noise = 999999;

QComboBox* make_family_box(QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName("compare.family");
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setFocusPolicy(Qt::TabFocus);
    box->setAccessibleName(CompareToolbar::tr("Which models"));
    box->setToolTip(CompareToolbar::tr(
        "Compare all models of a preset: they differ in their loss alone. “+ Model…” adds others."));
    return box;
}

}  // namespace

CompareToolbar::CompareToolbar(QWidget* parent)
    : QWidget(parent), family_(make_family_box(this)), rows_(new CompareRows(this)) {
    columns_ = make_number("compare.columns", tr("columns  "), tr("Columns"),
                           tr("How many samples of each model are shown."), least_columns, most_columns);
    columns_->setValue(usual_columns);
    noise_ = make_number("compare.noise", tr("seed  "), tr("Seed of the noise"),
                         tr("Of the noise that all rows get; 0 is what the figures are measured with."), 0,
                         last_noise);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addWidget(family_, 0, Qt::AlignTop);
    row->addWidget(rows_, 1);
    row->addWidget(columns_, 0, Qt::AlignTop);
    row->addWidget(noise_, 0, Qt::AlignTop);
    add_report(row);
    add_new_noise(row);
    auto* open = add_command(this,
                             {"compare.open_model", "folder", tr("Open model…"),
                              tr("Add any model file as a row (A)."), QKeySequence(Qt::Key_A)},
                             [this] { emit open_model_requested(); });
    rows_->add_menu()->addAction(open);
    connect(family_, &QComboBox::activated, this, [this] { emit family_chosen(family()); });
}

QSpinBox* CompareToolbar::make_number(const char* id, const QString& prefix, const QString& name,
                                      const QString& help, int least, int most) {
    auto* box = new QSpinBox(this);
    box->setObjectName(QLatin1String(id));
    box->setRange(least, most);
    box->setPrefix(prefix);
    box->setAccessibleName(name);
    box->setToolTip(help);
    box->setKeyboardTracking(false);
    box->setFocusPolicy(Qt::StrongFocus);
    connect(box, &QSpinBox::valueChanged, this, &CompareToolbar::changed);
    return box;
}

void CompareToolbar::add_new_noise(QHBoxLayout* row) {
    auto* action = add_command(this,
                               {"compare.new_noise",
                                {},
                                tr("New noise"),
                                tr("The same new noise for all rows (Space)."),
                                QKeySequence(Qt::Key_Space)},
                               [this] { noise_->setValue((noise() + columns()) % last_noise); });
    auto* button = new QPushButton(icon("resample", QPalette::HighlightedText), action->text(), this);
    button->setObjectName("compare.new_noise.button");
    button->setProperty("primary", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(action->toolTip());
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    row->addWidget(button, 0, Qt::AlignTop);
}

void CompareToolbar::add_report(QHBoxLayout* row) {
    auto* menu = new QMenu(this);
    const auto add = [&](const char* id, const QString& text, const QString& help, const QKeySequence& key,
                         const QString& suffix) {
        menu->addAction(
            add_command(this, {id, {}, text, help, key}, [this, suffix] { emit report_requested(suffix); }));
    };
    add("compare.report_html", tr("Report as HTML…"),
        tr("Write pictures, figures and curves as one page (Ctrl+E)."), QKeySequence("Ctrl+E"), "html");
    add("compare.report_csv", tr("Figures as CSV…"), tr("Write the figures as a table."), {}, "csv");
    add("compare.report_json", tr("All values as JSON…"),
        tr("Write the figures, and the values of every input."), {}, "json");
    auto* button = new QToolButton(this);
    button->setObjectName("compare.report");
    button->setText(tr("Report"));
    button->setIcon(icon("save"));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(menu);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(tr("Report"));
    button->setToolTip(tr("Write what is measured, and the pictures, to a file (Ctrl+E)."));
    row->addWidget(button, 0, Qt::AlignTop);
}

void CompareToolbar::set_families(const QStringList& names, const QString& last) {
    family_->clear();
    family_->addItems(names);
    family_->setCurrentIndex(std::max(0, family_->findText(last)));
    family_->setVisible(!names.isEmpty());
}

QString CompareToolbar::family() const { return family_->currentText(); }
int CompareToolbar::columns() const { return columns_->value(); }
int CompareToolbar::noise() const { return noise_->value(); }

void CompareToolbar::restore(const QSettings& settings) {
    columns_->setValue(settings.value("columns", usual_columns).toInt());
}

void CompareToolbar::save(QSettings& settings) const {
    settings.setValue("columns", columns());
    settings.setValue("family", family());
}

}  // namespace modescope
