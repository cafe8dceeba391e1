// The Toy Lab's data, and its recipes.

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include "app/labs/command_line_dialog.h"
#include "app/labs/toy_chips.h"
#include "app/labs/toy_lab.h"
#include "app/labs/toy_points_dialog.h"
#include "app/labs/toy_recipe.h"
#include "app/labs/toy_timeline_bar.h"
#include "app/labs/toy_toolbar.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/toy_panel.h"

namespace modescope {

ToyTruth ToyLab::truth_density() const {
    return [truth = truth_](double x, double y) { return truth.density(x, y); };
}

void ToyLab::add_data_actions() {
    const auto add = [this](const char* name, const QString& text, QKeySequence key, auto run) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
        return action;
    };
    add("toy.next_data", tr("Next distribution"), Qt::Key_Y, [this] { toolbar_->next_data(); });
    add("toy.points", tr("Draw or open own points…"), Qt::Key_O, [this] { edit_points(); });
    QMenu& menu = toolbar_->export_menu();
    menu.addSeparator();
    menu.addAction(
        add("toy.open_recipe", tr("Open recipe…"), Qt::CTRL | Qt::Key_O, [this] { ask_recipe(false); }));
    menu.addAction(
        add("toy.save_recipe", tr("Save recipe…"), Qt::CTRL | Qt::Key_S, [this] { ask_recipe(true); }));
    menu.addAction(
        add("toy.command_lines", tr("Equal command lines…"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, [this] {
            if (!shown_.empty()) (new CommandLineDialog(command_lines(recipe()), this))->open();
        }));
}

/// The name of a shape, or points. Plays on with the same seed.
void ToyLab::choose_data(const QString& toy) {
    const auto text = toy == QLatin1String("y") ? std::string() : toy.toStdString();
    if (text == session_.toy()) return;
    truth_ = ToyDistribution::named(text);
    session_.draw_from(text);
    toolbar_->set_data(toy);
    for (const auto& shown : shown_) shown.panel->set_truth(truth_density());
    restart(session_.seed());
    refresh_slice();
}

void ToyLab::edit_points() {
    const auto& toy = toolbar_->own_data();
    points_dialog_->edit(toy.isEmpty() ? std::vector<ToyPoint>() : points_from_text(toy.toStdString()));
}

ToyRecipe ToyLab::recipe() const {
    ToyRecipe recipe;
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        recipe.panels.push_back({shown_[i].formula.toStdString(), session_.spec(i)});
        recipe.panels.back().spec.training.steps = session_.stop();
    }
    return recipe;
}

void ToyLab::ask_recipe(bool save) {
    if (save && shown_.empty()) return;
    auto* dialog = new QFileDialog(this, save ? tr("Save recipe") : tr("Open recipe"),
                                   save ? QStringLiteral("toy.json") : QString(), tr("Recipe (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(save ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(save ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& path) {
        try {
            save ? save_recipe(recipe(), path) : show_recipe(open_recipe(path));
            strip_->show_message(MessageStrip::Severity::Info,
                                 (save ? tr("Saved %1.") : tr("Opened %1.")).arg(QFileInfo(path).fileName()));
        } catch (const Error& error) {
            strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
        }
    });
    dialog->open();
}

/// Takes all panels off and trains those of the recipe from the start.
void ToyLab::show_recipe(const ToyRecipe& recipe) {
    while (!shown_.empty()) toggle_formula(QString(shown_.back().formula), false);
    const auto& first = recipe.panels.front().spec;
    const QString toy = QString::fromStdString(first.data.folder);
    session_.set_stop(first.training.steps);
    toolbar_->set_stop(first.training.steps);
    toolbar_->set_seed(first.training.seed);
    choose_data(toy.isEmpty() ? QStringLiteral("y") : toy);
    restart(first.training.seed);
    for (const auto& [chip, spec] : recipe.panels) {
        add_chip(QString::fromStdString(chip));
        add_configuration(QString::fromStdString(chip), spec);
        chips_->set_checked(QString::fromStdString(chip), true);
    }
    session_.play();
}

}  // namespace modescope
