#pragma once

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "widgets/theme.h"

/// What tests of pages and widgets have in common.
namespace modescope {

inline constexpr int patience = 60000;  // ms: the machine may be busy

/// The main() of a test program: on no screen unless asked to, with settings that nobody else has.
template <class Test>
int run_gui_test(int argc, char** argv, const char* name) {
    if (!qEnvironmentVariableIsSet("MODESCOPE_TEST_DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QCoreApplication::setOrganizationName("modescope-test");
    QCoreApplication::setApplicationName(name);
    apply_theme(app, Scheme::Dark);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

}  // namespace modescope
