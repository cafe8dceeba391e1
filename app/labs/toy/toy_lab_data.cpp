// The Toy Lab's data, and its recipes.

#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <algorithm>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/toy/command_line_dialog.h"
#include "app/labs/toy/toy_chips.h"
#include "app/labs/toy/toy_lab.h"
#include "app/labs/toy/toy_lesson.h"
#include "app/labs/toy/toy_points_dialog.h"
#include "app/labs/toy/toy_recipe.h"
#include "app/labs/toy/toy_timeline_bar.h"
#include "app/labs/toy/toy_toolbar.h"
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
    add("toy.points", tr("Draw or open points…"), Qt::Key_O, [this] { edit_points(); });
    back_ = add("toy.back", tr("Back to the trainings before"), Qt::CTRL | Qt::Key_Z,
                [this] { go(past_, future_); });
    forth_ = add("toy.forth", tr("Forth to the trainings after"), Qt::CTRL | Qt::SHIFT | Qt::Key_Z,
                 [this] { go(future_, past_); });
    for (QAction* action : {back_, forth_}) action->setEnabled(false);
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

/// The name of a shape, or points: the same configurations with the same seed, from the start.
void ToyLab::choose_data(const QString& toy) {
    if (toy.toStdString() == session_->toy()) return;
    auto next = recipe();
    next.toy = toy.toStdString();
    train(next);
}

void ToyLab::edit_points() {
    const auto& toy = toolbar_->own_data();
    points_dialog_->edit(toy.isEmpty() ? std::vector<ToyPoint>() : points_from_text(toy.toStdString()));
}

ToyRecipe ToyLab::recipe() const {
    ToyRecipe recipe{
        .toy = session_->toy(), .seed = session_->seed(), .steps = session_->stop(), .panels = {}};
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        recipe.panels.push_back({shown_[i].formula.toStdString(), session_->spec(i)});
        recipe.panels.back().spec.training.steps = recipe.steps;
    }
    return recipe;
}

void ToyLab::ask_recipe(bool save) {
    if (save && shown_.empty()) return;
    auto* dialog =
        save ? make_save_dialog(this, tr("Save recipe"), tr("Recipe (*.json)"), QStringLiteral("toy.json"))
             : make_open_dialog(this, tr("Open recipe"), tr("Recipe (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& path) {
        try {
            if (!save) return open_recipe_file(path);
            save_recipe(recipe(), path);
            strip_->show_message(MessageStrip::Severity::Info,
                                 tr("Saved %1.").arg(QFileInfo(path).fileName()));
        } catch (const Error& error) {
            strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
        }
    });
    dialog->open();
}

void ToyLab::open_recipe_file(const QString& path) {
    train(open_recipe(path));
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("Opened %1. The trainings before are kept.").arg(QFileInfo(path).fileName()),
                         tr("Back to them"), [this] { go(past_, future_); });
}

/// From the start, in the place of those on the page, which are kept as they are. Where too many are kept,
/// the one that trained least goes.
void ToyLab::train(const ToyRecipe& recipe) {
    constexpr std::size_t most_kept = 8;
    Trainings next{.session = std::make_unique<ToySession>(recipe.seed, recipe.toy), .shown = {}};
    next.session->set_stop(recipe.steps);
    future_.clear();
    past_.push_back(exchange(std::move(next)));
    if (past_.size() > most_kept)
        past_.erase(std::ranges::min_element(past_, {}, [](const auto& t) { return t.session->front(); }));
    for (const auto& [chip, spec] : recipe.panels) {
        add_chip(QString::fromStdString(chip));
        add_configuration(QString::fromStdString(chip), spec);
    }
    session_->play();
    allow_going();
}

/// Puts them on the page, where they go on when they are played; gives those that were there.
ToyLab::Trainings ToyLab::exchange(Trainings next) {
    strip_->hide();  // what it offers is of the trainings before
    truth_ = ToyDistribution::named(next.session->toy());
    lesson_->end();
    session_->pause();
    next.session->set_speed(session_->speed());
    for (const auto& shown : shown_) take_off_page(shown);
    std::swap(session_, next.session);
    std::swap(shown_, next.shown);
    std::swap(selected_, next.selected);
    for (auto& shown : shown_) put_on_page(shown);
    select(selected_);
    toolbar_->set_data(QString::fromStdString(session_->toy()));
    toolbar_->set_seed(session_->seed());
    toolbar_->set_stop(session_->stop());
    timeline_bar_->go_live();
    facts_steps_ = session_->steps_together();
    return next;
}

void ToyLab::go(std::vector<Trainings>& from, std::vector<Trainings>& to) {
    if (from.empty()) return;
    auto next = std::move(from.back());
    from.pop_back();
    to.push_back(exchange(std::move(next)));
    allow_going();
}

void ToyLab::allow_going() {
    back_->setEnabled(!past_.empty());
    forth_->setEnabled(!future_.empty());
}

}  // namespace modescope
