// Specs and objectives: their table of fields, their texts and what they refuse.
#include "core/training/spec.h"

#include <QTest>
#include <clocale>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "tests/error_of.h"

namespace modescope {

namespace {

using nlohmann::json;

/// Another valid value of a field, as different from the present one as its range allows.
FieldValue another_value(const Field& field, const Spec& spec) {
    const auto value = field.get(spec);
    if (const auto* flag = std::get_if<bool>(&value)) return !*flag;
    if (field.text) return std::string("some “text” = of many, words");
    if (std::holds_alternative<std::string>(value)) return field.choices.back();
    if (std::holds_alternative<std::int64_t>(value)) return static_cast<std::int64_t>(field.max);
    return field.min + (field.max - field.min) / 3;
}

bool is_number(const Field& field) {
    const auto value = field.get(Spec{});
    return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
}

/// A locale of this machine that writes 0,1 for 0.1; null if there is none.
const char* comma_locale() {
    for (const char* name :
         {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "es_ES.UTF-8", "pl_PL.UTF-8"})
        if (std::setlocale(LC_NUMERIC, name)) return name;
    return nullptr;
}

}  // namespace

class SpecTest : public QObject {
    Q_OBJECT

private slots:
    void presets_are_valid() {
        QVERIFY(!presets().empty());
        for (const auto& preset : presets()) {
            const auto spec = preset.spec();
            QCOMPARE(error_of([&] { check(spec); }), std::string());
            QCOMPARE(spec.preset, preset.id);
            QVERIFY(to_json(preset_spec(preset.id)) == to_json(spec));
            // Every value lies in its field's own range.
            for (const auto& field : fields()) {
                auto copy = spec;
                QCOMPARE(error_of([&] { field.set(copy, field.get(spec)); }), std::string());
            }
        }
    }

    void an_unknown_preset_lists_the_known_ones() {
        const auto message = error_of([] { preset_spec("maps"); });
        for (const auto& preset : presets()) QVERIFY(says(message, preset.id));
    }

    void keys_are_unique_and_explained() {
        std::set<std::string> keys;
        for (const auto& field : fields()) {
            keys.insert(field.key);
            QVERIFY2(!field.label.empty() && field.help.ends_with("."), field.key.c_str());
            QVERIFY2(!is_number(field) || field.min < field.max, field.key.c_str());
            QCOMPARE(&find_field(field.key), &field);
        }
        QCOMPARE(keys.size(), fields().size());
    }

    void every_field_survives_json_data() {
        QTest::addColumn<std::string>("key");
        for (const auto& field : fields()) QTest::newRow(field.key.c_str()) << field.key;
    }

    void every_field_survives_json() {
        QFETCH(std::string, key);
        const auto& field = find_field(key);
        const char* preset = key == "data.toy" ? "toy" : "street-64";
        auto spec = preset_spec(preset);
        field.set(spec, another_value(field, spec));
        const auto text = to_json(spec).dump();
        Spec read = preset_spec(preset);
        const auto dot = key.find('.');
        const auto value = json::parse(text).at(key.substr(0, dot)).at(key.substr(dot + 1));
        // As on the command line, for check() refuses some extremes together with the other fields.
        set_field(read, key + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
        QVERIFY(field.get(read) == another_value(field, spec) ||
                std::holds_alternative<bool>(field.get(read)));
        QVERIFY(field.get(read) == field.get(spec));
        QVERIFY(to_json(read) == to_json(spec));
    }

    void a_whole_spec_survives_json() {
        for (const auto& preset : presets()) {
            auto spec = preset.spec();
            spec.preset = "my own";
            spec.training.learning_rate = 0.1 + 0.2;
            spec.training.seed = 999'999'999'999'999;
            const auto read = spec_from_json(json::parse(to_json(spec).dump()));
            QVERIFY(to_json(read) == to_json(spec));
            QCOMPARE(read.training.learning_rate, spec.training.learning_rate);
            QCOMPARE(read.training.seed, spec.training.seed);
            QVERIFY(read.objective == spec.objective);
        }
    }

    void missing_keys_keep_their_default() {
        const auto spec =
            spec_from_json(json::parse(R"({"objective": {"l1": 2}, "training": {"batch": 3}})"));
        QCOMPARE(spec.training.batch, 3);
        QCOMPARE(spec.training.steps, Spec{}.training.steps);
    }

    void unknown_keys_name_the_nearest_data() {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<std::string>("nearest");
        QTest::newRow("typo") << std::string("training.bach") << std::string("training.batch");
        QTest::newRow("swapped") << std::string("training.learnign_rate")
                                 << std::string("training.learning_rate");
        QTest::newRow("without the section") << std::string("data.siz") << std::string("data.size");
        QTest::newRow("term") << std::string("objective.pmr3") << std::string("objective.pmr");
    }

    void unknown_keys_name_the_nearest() {
        QFETCH(std::string, key);
        QFETCH(std::string, nearest);
        auto spec = preset_spec("toy");
        const auto message = error_of([&] { set_field(spec, key + "=1"); });
        QVERIFY2(says(message, key) && says(message, nearest), message.c_str());
        const auto dot = key.find('.');
        const json file{{key.substr(0, dot), {{key.substr(dot + 1), 1}}}};
        QVERIFY(says(error_of([&] { spec_from_json(file); }), nearest));
    }

    void numbers_out_of_range_are_refused_by_name_data() {
        QTest::addColumn<std::string>("key");
        for (const auto& field : fields())
            if (is_number(field)) QTest::newRow(field.key.c_str()) << field.key;
    }

    void numbers_out_of_range_are_refused_by_name() {
        QFETCH(std::string, key);
        const auto& field = find_field(key);
        for (const double bad : {field.min - 1, field.max * 2 + 1, double(NAN), double(INFINITY)}) {
            auto spec = preset_spec("toy");
            const auto before = to_json(spec);
            const auto message = error_of([&] { field.set(spec, bad); });
            QVERIFY2(says(message, key), message.c_str());
            QVERIFY(to_json(spec) == before);
        }
    }

    void wrong_types_are_refused_by_name_data() {
        QTest::addColumn<std::string>("assignment");
        for (const char* text :
             {"training.batch=many", "training.batch=2.5", "training.batch=", "training.batch=true",
              "training.batch=12 pairs", "training.amsgrad=1", "training.amsgrad=yes",
              "objective.distribution=cauchy", "objective.distribution=1", "network.kind=resnet",
              "training.learning_rate=nan", "training.learning_rate=1e-3x"})
            QTest::newRow(text) << std::string(text);
    }

    void wrong_types_are_refused_by_name() {
        QFETCH(std::string, assignment);
        auto spec = preset_spec("toy");
        const auto before = to_json(spec);
        const auto message = error_of([&] { set_field(spec, assignment); });
        QVERIFY2(says(message, assignment.substr(0, assignment.find('='))), message.c_str());
        QVERIFY(to_json(spec) == before);
    }

    void assignments_set_fields() {
        auto spec = preset_spec("toy");
        for (const char* assignment : {"training.steps=2e3", "training.amsgrad=true", "objective.mr2=0.1",
                                       "objective.distribution=laplace"})
            set_field(spec, assignment);
        QCOMPARE(spec.training.steps, 2000);
        QVERIFY(spec.training.amsgrad);
        QCOMPARE(spec.objective.weight(Term::mr2), 0.1);
        QCOMPARE(spec.objective.distribution, std::string("laplace"));
        QVERIFY(says(error_of([&] { set_field(spec, "training.steps"); }), "KEY=VALUE"));
    }

    void numbers_are_read_the_same_in_every_language() {
        if (!comma_locale()) QSKIP("this machine has no locale with a decimal comma");
        auto spec = preset_spec("toy");
        set_field(spec, "training.learning_rate=0.25");
        const auto objective = parse_objective("gan+0.5*mr2");
        const auto label = objective.label();
        std::setlocale(LC_NUMERIC, "C");
        QCOMPARE(spec.training.learning_rate, 0.25);
        QCOMPARE(objective.weight(Term::mr2), 0.5);
        QCOMPARE(label, std::string("GAN + 0.5·MR₂"));
    }

    void wrong_json_is_refused_data() {
        QTest::addColumn<std::string>("text");
        for (const char* text :
             {"[]", "null", "3", R"({"training": 3})", R"({"preset": 3})", R"({"bogus": {}})",
              R"({"bogus": {"x": 1}})", R"({"training": {"batch": null}})", R"({"training": {"batch": [1]}})",
              R"({"training": {"batch": 1e400}})", R"({"training": {"batch": 18446744073709551615}})", "{}"})
            QTest::newRow(text) << std::string(text);
    }

    void wrong_json_is_refused() {
        QFETCH(std::string, text);
        QVERIFY(!error_of([&] { spec_from_json(json::parse(text, nullptr, false)); }).empty());
    }

    void fields_that_do_not_fit_together_are_refused_data() {
        QTest::addColumn<QStringList>("assignments");
        QTest::addColumn<std::string>("named");
        QTest::newRow("no term") << QStringList{"objective.gan=0", "objective.pmr2=0"} << std::string("term");
        QTest::newRow("network") << QStringList{"network.kind=mlp"} << std::string("network.kind");
        QTest::newRow("data") << QStringList{"data.source=toy"} << std::string("data.source");
        QTest::newRow("size") << QStringList{"data.size=48"} << std::string("data.size");
        QTest::newRow("noise") << QStringList{"network.downs=2", "network.noise_levels=3"}
                               << std::string("network.noise_levels");
        QTest::newRow("D") << QStringList{"network.discriminator_layers=5"}
                           << std::string("network.discriminator_layers");
        QTest::newRow("head") << QStringList{"data.source=faces", "data.task=super-resolution",
                                             "network.kind=srgan", "network.head=4"}
                              << std::string("network.head");
    }

    void fields_that_do_not_fit_together_are_refused() {
        QFETCH(QStringList, assignments);
        QFETCH(std::string, named);
        auto spec = preset_spec("street-64");
        for (const auto& assignment : assignments) set_field(spec, assignment.toStdString());
        const auto message = error_of([&] { check(spec); });
        QVERIFY2(says(message, named), message.c_str());
    }

    void objectives_survive_their_text() {
        for (const auto& term : terms()) {
            const auto alone = parse_objective(term.id);
            QCOMPARE(alone.active(), std::vector<Term>{term.term});
            QCOMPARE(alone.id(), term.id);
            QCOMPARE(alone.label(), term.label);
            const auto weighted = parse_objective("2.5*" + term.id);
            QCOMPARE(weighted.weight(term.term), 2.5);
            QVERIFY(parse_objective(weighted.id()) == alone);
        }
        QVERIFY(parse_objective("gan + 100·l2") == parse_objective("gan+1e2*l2"));
    }

    void objectives_have_names() {
        const auto objective = parse_objective("10*pmr2+gan");
        QCOMPARE(objective.id(), std::string("gan+pmr2"));
        QCOMPARE(objective.label(), std::string("GAN + 10·pMR₂"));
        QCOMPARE(objective.formula(), std::string("L_GAN + 10 [(μ̃ − μ̂)² + (σ̃² − σ̂²)²]"));
    }

    void objectives_know_what_they_need() {
        struct Row {
            const char* text;
            bool discriminator, predictor;
            std::int64_t samples;
        };
        for (const auto& row : {Row{"gan", true, false, 1},
                                {"l1", false, false, 1},
                                {"gan-hinge+mr1", true, false, 8},
                                {"pmr2", false, true, 8},
                                {"gan+l2+pmr1", true, true, 8}}) {
            const auto objective = parse_objective(row.text);
            QCOMPARE(objective.needs_discriminator(), row.discriminator);
            QCOMPARE(objective.needs_predictor(), row.predictor);
            QCOMPARE(objective.samples_per_condition(), row.samples);
        }
    }

    void wrong_objectives_are_refused_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* text, const char* named) {
            QTest::newRow(text) << std::string(text) << std::string(named);
        };
        row("", "gan");
        row("wgan", "\"wgan\"");
        row("gan+", "gan");
        row("gan++l1", "gan");
        row("gan+mr3", "pmr2");
        row("0*gan", "0*gan");
        row("-1*gan", "-1*gan");
        row("1e7*gan", "1e7*gan");
        row("nan*gan", "nan*gan");
        row("ten*gan", "ten*gan");
        row("*gan", "*gan");
        row("2*3*gan", "3*gan");
    }

    void wrong_objectives_are_refused() {
        QFETCH(std::string, text);
        QFETCH(std::string, named);
        const auto message = error_of([&] { parse_objective(text); });
        QVERIFY2(says(message, named), message.c_str());
    }
};

std::unique_ptr<QObject> spec_test() { return std::make_unique<SpecTest>(); }

}  // namespace modescope

#include "spec_test.moc"
