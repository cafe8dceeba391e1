#pragma once

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/labs/train/train_form.h"
#include "app/labs/train/train_lab.h"
#include "tests/gui_test.h"
#include "widgets/message_strip.h"

namespace modescope {

/// Trains in a moment and draws rubbish.
inline TrainPlan tiny(const std::string& objective = "gan", const std::string& steps = "30") {
    TrainPlan plan{.preset = "street-64", .objective = objective};
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"data.size", "32"},
                                                          {"network.downs", "4"},
                                                          {"network.features", "4"},
                                                          {"network.widest", "2"},
                                                          {"network.noise_channels", "4"},
                                                          {"network.discriminator_features", "4"},
                                                          {"network.discriminator_layers", "2"},
                                                          {"training.predictor_steps", "2"},
                                                          {"training.batch", "2"},
                                                          {"training.conditions", "2"},
                                                          {"training.steps", steps}})
        plan.set(key, value);
    return plan;
}

/// A shown page whose trainings are kept in a folder of the test.
struct Page {
    explicit Page(const QString& folder) {
        QSettings().setValue("train/folder", folder);
        lab = std::make_unique<TrainLab>();
        QSignalSpy listed(&lab->runs(), &TrainRuns::listed);
        lab->resize(1300, 860);
        lab->show();
        lab->activateWindow();
        (void)QTest::qWaitForWindowActive(lab.get());
        // What lies in the folder is read in the background.
        if (!listed.count() && !listed.wait(patience)) qFatal("no list");
    }

    template <class T>
    T& find(const char* name) {
        T* widget = lab->findChild<T*>(name);
        if (!widget) qFatal("There is no %s", name);
        return *widget;
    }
    TrainForm& form() { return *lab->findChild<TrainForm*>(); }
    QListWidget& list() { return find<QListWidget>("train_list"); }
    const TrainRun& run(int index = 0) { return lab->runs().runs()[index]; }
    void click(const char* name) { QTest::mouseClick(&find<QPushButton>(name), Qt::LeftButton); }
    /// What the list of all settings says of a key.
    QString setting(const char* key) {
        const auto& table = find<QTableWidget>("train_settings");
        for (int row = 0; row < table.rowCount(); ++row)
            if (table.item(row, 1)->data(Qt::UserRole).toString() == key) return table.item(row, 1)->text();
        return {};
    }
    void start(const TrainPlan& plan, const QString& name = {}) {
        click("train_new");
        form().set_plan(plan);
        auto& edit = find<QLineEdit>("train_name");
        edit.clear();
        QTest::keyClicks(&edit, name);
        click("train_start");
    }
    bool wait_for_state(RunState state) {
        return QTest::qWaitFor([&] { return run().status.state == state; }, patience);
    }
    bool wait_for_step(std::int64_t step) {
        return QTest::qWaitFor([&] { return run().status.progress.step >= step; }, patience);
    }
    void key(Qt::Key key) { QTest::keyClick(&list(), key); }
    QString problem() { return find<QLabel>("train_problem").text(); }
    MessageStrip& strip() { return *lab->findChild<MessageStrip*>(); }

    std::unique_ptr<TrainLab> lab;
};

}  // namespace modescope
