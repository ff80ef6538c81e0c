// SPDX-License-Identifier: PostgreSQL
#include "text/semantic_guess.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "text/code.hpp"
#include "text/fold.hpp"
#include "text/phone.hpp"
#include "text/plain.hpp"
#include "text/prepare.hpp"
#include "text/semantic_words.hpp"
#include "text/value_pattern.hpp"

namespace cdp::text {
namespace {

constexpr size_t kProbe = 400;     // values that every rule is tried on
constexpr size_t kFirstLook = 40;  // after so many a rule that hardly fits is given up
constexpr size_t kListed = 20;     // refused values that are kept
constexpr double kAgree = 0.7;     // share of readable values from which content agrees with the name
constexpr double kContradict = 0.3;
constexpr double kSure = 0.95;
constexpr double kBadName = 0.3;  // confidence in a name that the content contradicts

struct Probe {
    Shape shape;
    double vote;
    double weight;
};

// Rows count, but not by their number: one default value must not outvote all others.
double vote_of(const ProfiledValue& value) {
    return 1 + std::log2(static_cast<double>(std::max<uint64_t>(value.rows, 1)));
}

std::vector<Probe> choose_probe(std::span<const ProfiledValue> sample) {
    std::vector<Probe> probe;
    for (const ProfiledValue& value : sample) {
        if (probe.size() == kProbe) break;
        if (clean_text(value.text).status == Status::kMissing) continue;
        probe.push_back({shape_of(value.text), vote_of(value), value.weight});
    }
    return probe;
}

std::string_view first_word(std::string_view folded) {
    return folded.substr(0, folded.find_first_of(" ,.-"));
}
std::string_view last_word(std::string_view folded) {
    const size_t comma = folded.find(',');
    if (comma != std::string_view::npos) return first_word(folded);  // "Rojas, Ana"
    return folded.substr(folded.find_last_of(' ') + 1);
}

ColumnFacts facts_of(const std::vector<Probe>& probe, const GuessInput& input) {
    ColumnFacts facts;
    facts.filled = input.filled;
    facts.distinct = input.distinct;
    facts.values = probe.size();
    if (probe.empty()) return facts;
    std::map<size_t, size_t> lengths;
    std::map<std::string, size_t> patterns;
    std::string pattern;
    for (const Probe& value : probe) {
        const Shape& shape = value.shape;
        value_pattern(shape.text, pattern);
        ++patterns[pattern];
        ++lengths[shape.text.size()];
        facts.most_digits = std::max<size_t>(facts.most_digits, shape.digits);
        facts.has_words = facts.has_words || shape.letters() > 2;
        if (facts.distinct <= 20 && shape.text.size() <= 12) {
            const Cleaned yes_or_no = clean_boolean(shape.text);
            facts.has_true = facts.has_true || yes_or_no.value == "true";
            facts.has_false = facts.has_false || yes_or_no.value == "false";
        }
        if (shape.spaces == 0) facts.one_word += 1;
        if (shape.digits == shape.text.size() && shape.text[0] == '0' && shape.digits > 1)
            facts.leading_zero += 1;
        if (shape.digits != 0 || shape.text.size() > 60) continue;
        const std::string folded = fold(shape.text);
        const size_t comma = folded.find(", ");
        const std::string_view given = comma == std::string::npos
                                           ? first_word(folded)
                                           : first_word(std::string_view(folded).substr(comma + 2));
        if (is_common_given_name(given)) facts.given_names += 1;
        if (is_common_family_name(last_word(folded))) facts.family_names += 1;
        if (facts.distinct <= 20) {
            const Cleaned gender = clean_gender(shape.text);
            facts.has_female = facts.has_female || gender.value == "female";
            facts.has_male = facts.has_male || gender.value == "male";
        }
    }
    const auto values = static_cast<double>(probe.size());
    const auto most = [&](const auto& counts) {
        size_t best = 0;
        for (const auto& [key, count] : counts) best = std::max(best, count);
        return static_cast<double>(best) / values;
    };
    facts.same_length = most(lengths);
    facts.same_pattern = most(patterns);
    facts.one_word /= values;
    facts.leading_zero /= values;
    facts.given_names /= values;
    facts.family_names /= values;
    return facts;
}

// The share of votes for which `test` holds; a test that fails for most of the first values is given up.
template <typename Test>
double share(const std::vector<Probe>& probe, double needed, Tick& tick, Test test) {
    double votes = 0;
    double all = 0;
    for (size_t i = 0; i < probe.size(); ++i) {
        tick();
        if (i == kFirstLook && votes < needed * all / 2) break;
        all += probe[i].vote;
        if (test(probe[i].shape)) votes += probe[i].vote;
    }
    return all > 0 ? votes / all : 0;
}

double evidence(const TypeRule& rule, const std::vector<Probe>& probe, const ReadingOptions& options,
                Tick& tick) {
    return share(probe, rule.needed, tick,
                 [&](const Shape& shape) { return rule.is_evidence(shape, options); });
}

// Evidence, or at least readable: the share of the values or of the rows, whichever is more. Some misspelt
// values, or a wrong default, do not speak against a name.
double readable(const TypeRule& rule, const std::vector<Probe>& probe, const ReadingOptions& options,
                Tick& tick) {
    double votes = 0, all_votes = 0, rows = 0, all_rows = 0;
    for (const Probe& value : probe) {
        tick();
        all_votes += value.vote;
        all_rows += value.weight;
        if (!rule.is_evidence(value.shape, options) && !rule.clean(value.shape.text, options).has_value())
            continue;
        votes += value.vote;
        rows += value.weight;
    }
    return all_votes > 0 ? std::max(votes / all_votes, rows / all_rows) : 0;
}

// Where numbers without a prefix are dialled, if most of them exist there.
std::string_view country_of_phones(const std::vector<Probe>& probe, Tick& tick) {
    static constexpr auto kCountries =
        std::to_array<std::string_view>({"US", "GB", "DE", "FR", "ES", "IT", "MX", "BR", "AR", "CL", "CO",
                                         "PE", "IN", "AU", "NL", "BE", "PT", "CH", "AT", "PL", "SE"});
    constexpr size_t kTried = 40;
    std::vector<Probe> local;
    for (const Probe& value : probe) {
        if (local.size() == kTried) break;
        if (value.shape.text.find('+') == std::string_view::npos && !value.shape.text.starts_with("00"))
            local.push_back(value);
    }
    if (local.size() * 5 < std::min(probe.size(), kTried)) return {};  // hardly any needs one
    std::string_view best;
    double best_share = kAgree;
    for (const std::string_view country : kCountries) {
        const double fits = share(
            local, 0, tick, [&](const Shape& shape) { return clean_phone(shape.text, country).has_value(); });
        if (fits > best_share) {
            best_share = fits;
            best = country;
        }
    }
    return best;
}

std::string percent(double share) {
    return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

std::string share_of_values(double share, const GuessInput& input, const TypeRule& rule) {
    return percent(share) + " of " + std::to_string(input.filled) + " values are " + std::string(rule.plural);
}

// The cleaner's verdicts on the whole sample.
void judge(SemanticGuess& guess, const GuessInput& input, Tick& tick) {
    double all = 0;
    std::vector<size_t> doubtful;
    for (size_t i = 0; i < input.sample.size(); ++i) {
        tick();
        const ProfiledValue& value = input.sample[i];
        all += value.weight;
        const Status status = value.is_cut ? (guess.rule->is_free ? Status::kOk : Status::kInvalid)
                                           : guess.clean(value.text).status;
        if (status == Status::kMissing) {
            guess.junk += value.weight;
        } else if (status == Status::kInvalid) {
            guess.refused.push_back(i);
        } else {
            guess.validity += value.weight;
            if (status != Status::kSuspicious) continue;
            guess.suspicious += value.weight;
            doubtful.push_back(i);
        }
    }
    if (all > 0) {
        guess.validity /= all;
        guess.suspicious /= all;
        guess.junk /= all;
    }
    const auto by_rows = [&](size_t a, size_t b) { return input.sample[a].weight > input.sample[b].weight; };
    std::stable_sort(guess.refused.begin(), guess.refused.end(), by_rows);
    std::stable_sort(doubtful.begin(), doubtful.end(), by_rows);
    guess.refused.insert(guess.refused.end(), doubtful.begin(), doubtful.end());
    if (guess.refused.size() > kListed) guess.refused.resize(kListed);
}

std::string_view type_of_kind(ColumnKind kind) {
    switch (kind) {
        case ColumnKind::kNumber:
            return "number";
        case ColumnKind::kDate:
            return "date";
        case ColumnKind::kTimestamp:
            return "timestamp";
        case ColumnKind::kBoolean:
            return "boolean";
        case ColumnKind::kUuid:
            return "identifier";
        case ColumnKind::kText:
        case ColumnKind::kOther:
            break;
    }
    return "text";
}

bool is_among(std::span<const std::string_view> types, std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether a column of this content can hardly be what a free type's name says.
bool excludes(const TypeRule& found, std::string_view expected, std::string_view attribute) {
    if (is_one_of(found.type, {"email", "iban", "phone", "date", "timestamp"})) {
        return expected != "national_id" || found.type == "email";
    }
    if (found.plural == "UUIDs") return expected != "identifier" && attribute != "event_kind";
    if (is_one_of(found.type, {"number", "money", "national_id"})) {
        return is_one_of(expected, {"name", "address"}) || is_one_of(attribute, {"city", "company"});
    }
    if (found.type == "identifier") {
        return is_one_of(expected, {"name", "address"}) ||
               is_one_of(attribute, {"city", "region", "company"});
    }
    return found.type == "boolean" && is_one_of(expected, {"name", "address", "identifier"});
}

// The kinds of names tell which attribute: "Ana", "Rojas", "Ana Rojas".
std::string_view attribute_alone(const TypeRule& rule, const ColumnFacts& facts) {
    if (rule.type != "name") return rule.attribute;
    if (facts.one_word < 0.7 && facts.family_names >= 0.1) return "full_name";
    return facts.given_names >= facts.family_names ? "given_name" : "family_name";
}

}  // namespace

namespace {

// The decision for one column, step by step; the parts share what they found.
class Guesser {
  public:
    Guesser(const GuessInput& input, Tick& tick) : input_(input), tick_(tick) {}

    SemanticGuess run() {
        if (input_.filled == 0 || input_.sample.empty()) {
            nothing_filled();
            return std::move(guess_);
        }
        prepare_options();
        probe_ = choose_probe(input_.sample);
        facts_ = facts_of(probe_, input_);
        expected_ = types_of_attribute(input_.name_attribute);
        if (input_.kind == ColumnKind::kText) {
            decide_text();
        } else {
            decide_typed();
        }
        if (guess_.rule->type == "phone" && guess_.options.country.empty()) {
            guess_.options.country = country_of_phones(probe_, tick_);
            inferred_country_ = !guess_.options.country.empty();
        }
        judge(guess_, input_, tick_);
        // Numbers that no country has are perhaps no phone numbers.
        if (guess_.rule->type == "phone" && verdict_ == Verdict::kContent && guess_.validity < kContradict) {
            guess_.confidence = std::min(guess_.confidence, 0.4);
        }
        explain();
        return std::move(guess_);
    }

  private:
    enum class Verdict { kNothing, kNameOnly, kBoth, kContent, kOverridden, kDoubtful };

    void nothing_filled() {
        guess_.attribute = input_.name_attribute;
        guess_.confidence = input_.name_confidence;
        guess_.reason = guess_.attribute.empty() ? "no values" : "by its name";
    }

    void prepare_options() {
        guess_.kind = input_.kind;
        guess_.options.country = input_.country;
        if (input_.kind == ColumnKind::kText) guess_.dates = date_format(input_.sample);
        if (!input_.date_order.empty()) {
            guess_.options.order = parse_date_order(input_.date_order);
        } else if (guess_.dates.order) {
            guess_.options.order = *guess_.dates.order;
        }
    }

    void set(Verdict verdict, const TypeRule& rule, std::string_view attribute, double confidence) {
        verdict_ = verdict;
        guess_.rule = &rule;
        guess_.attribute = attribute;
        guess_.confidence = confidence;
    }

    // The first rule that the content speaks for; null when it does for none.
    const TypeRule* look_at_content() {
        if (probe_.empty()) return nullptr;
        for (const TypeRule& rule : type_rules()) {
            if (rule.fits_column != nullptr && !rule.fits_column(facts_)) continue;
            found_share_ = evidence(rule, probe_, guess_.options, tick_);
            if (found_share_ >= rule.needed) return &rule;
        }
        found_share_ = 0;
        return nullptr;
    }

    double alone(const TypeRule& rule) const {
        // Few values prove little: five different ones, or as many as there are of a short list, are enough.
        const double few = std::min<double>(1.0, 0.85 + 0.03 * static_cast<double>(probe_.size()));
        return std::max(0.3, rule.alone * few);
    }

    void decide_text() {
        const TypeRule* found = look_at_content();
        if (input_.name_attribute.empty()) {
            if (found == nullptr) {
                set(Verdict::kNothing, *find_rule("text"), {}, 0);
            } else {
                set(Verdict::kContent, *found, attribute_alone(*found, facts_), alone(*found));
            }
            return;
        }
        const double name = input_.name_confidence;
        const TypeRule* expected = nullptr;
        for (const std::string_view type : expected_) {
            if (found != nullptr && found->type == type) expected = found;
        }
        if (expected != nullptr) {
            set(Verdict::kBoth, *expected, input_.name_attribute, agreed(name, *expected));
            return;
        }
        expected = best_readable();
        if (expected->is_free) {
            if (found != nullptr && excludes(*found, expected->type, input_.name_attribute)) {
                override_name(*found);
            } else {
                set(Verdict::kNameOnly, *expected, input_.name_attribute, name);
            }
            return;
        }
        if (expected_share_ >= kAgree) {
            set(Verdict::kBoth, *expected, input_.name_attribute, agreed(name, *expected));
        } else if (found != nullptr && !found->is_free && found_share_ >= expected_share_ + kContradict) {
            override_name(*found);
        } else if (expected_share_ >= kContradict) {
            set(Verdict::kDoubtful, *expected, input_.name_attribute, std::min(name, 0.7));
        } else {
            const TypeRule* plain = found != nullptr ? found : find_rule("text");
            set(Verdict::kDoubtful, *plain, input_.name_attribute, std::min(name, kBadName));
            doubted_ = expected;
        }
    }

    double agreed(double name, const TypeRule& rule) const {
        // Whose number it is, or a number of what, only the name can say.
        if (rule.type == "identifier" || rule.type == "number") return name;
        if (rule.is_free) return std::max(name, kSure);
        if (name >= 0.9) return 0.99;
        return std::max(kSure, 1 - (1 - name) * (1 - rule.alone));
    }

    void override_name(const TypeRule& found) {
        const std::string_view attribute =
            found.is_free && found.type != "national_id" ? "" : found.attribute;
        if (attribute.empty()) {
            set(Verdict::kDoubtful, found, input_.name_attribute, std::min(input_.name_confidence, kBadName));
        } else {
            set(Verdict::kOverridden, found, attribute,
                std::min(std::max(input_.name_confidence, 0.6), alone(found)));
        }
    }

    // Of the types the name allows, the one that reads most.
    const TypeRule* best_readable() {
        const TypeRule* best = nullptr;
        for (const std::string_view type : expected_) {
            const TypeRule* rule = find_rule(type);
            if (rule == nullptr) continue;
            const double read = readable(*rule, probe_, guess_.options, tick_);
            if (best != nullptr && read <= expected_share_ + 1e-9) continue;
            best = rule;
            expected_share_ = read;
        }
        return best != nullptr ? best : find_rule("text");
    }

    void decide_typed() {
        const TypeRule& natural = *find_rule(type_of_kind(input_.kind));
        const double name = input_.name_confidence;
        if (input_.name_attribute.empty()) {
            set(Verdict::kNothing, natural, {}, input_.kind == ColumnKind::kOther ? 0 : 1);
        } else if (is_among(expected_, natural.type)) {
            set(name >= kSure || natural.is_free ? Verdict::kNameOnly : Verdict::kBoth, natural,
                input_.name_attribute, natural.is_free ? name : std::max(name, agreed(name, natural)));
        } else {
            const TypeRule* expected = best_readable();
            const bool fits = expected->is_free
                                  ? input_.kind == ColumnKind::kNumber &&
                                        !excludes(natural, expected->type, input_.name_attribute)
                                  : expected_share_ >= kAgree;
            if (fits) {
                set(Verdict::kNameOnly, *expected, input_.name_attribute, name);
            } else {
                set(Verdict::kDoubtful, natural, input_.name_attribute, std::min(name, kBadName));
                doubted_ = expected;
            }
        }
    }

    void explain() {
        const TypeRule& rule = *guess_.rule;
        // Evidence says what it is, validity how much of it is good.
        const double shown = rule.is_free ? found_share_ : guess_.validity;
        std::string content = share_of_values(shown, input_, rule);
        if (rule.type == "phone" && guess_.validity < kAgree && found_share_ > guess_.validity) {
            content = percent(found_share_) + " of " + std::to_string(input_.filled) +
                      " values look like phone numbers, " + percent(guess_.validity) + " can be read" +
                      (guess_.options.country.empty() ? " without a country" : "");
        }
        if (inferred_country_) content += " of " + std::string(guess_.options.country);
        std::string& reason = guess_.reason;
        switch (verdict_) {
            case Verdict::kNothing:
                reason = guess_.confidence > 0 ? "by its data type" : "nothing fits";
                break;
            case Verdict::kNameOnly:
                reason = "by its name";
                break;
            case Verdict::kBoth:
                reason = "by its name; " + (rule.type == "text" ? std::string("its content fits") : content);
                break;
            case Verdict::kContent:
                reason = content;
                break;
            case Verdict::kOverridden:
                reason = content + ", though its name says " + std::string(input_.name_attribute);
                break;
            case Verdict::kDoubtful:
                if (doubted_ != nullptr && !doubted_->is_free) {
                    reason = "by its name, but only " + share_of_values(expected_share_, input_, *doubted_);
                } else {
                    reason = "by its name, but ";
                    if (doubted_ == nullptr && !rule.is_free && guess_.validity < kAgree) reason += "only ";
                    reason += content;
                }
                break;
        }
    }

    const GuessInput& input_;
    Tick& tick_;
    SemanticGuess guess_;
    std::vector<Probe> probe_;
    ColumnFacts facts_;
    std::span<const std::string_view> expected_;
    Verdict verdict_ = Verdict::kNothing;
    const TypeRule* doubted_ = nullptr;  // what the name says and the content does not
    double found_share_ = 0;
    double expected_share_ = 0;
    bool inferred_country_ = false;
};

}  // namespace

Cleaned SemanticGuess::clean(std::string_view text) const {
    if (kind == ColumnKind::kNumber && rule->type == "number" && server_number(text)) {
        return accepted(std::string(text));
    }
    return rule->clean(text, options);
}

std::optional<double> server_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

SemanticGuess guess_semantics(const GuessInput& input, Tick& tick) {
    return Guesser(input, tick).run();
}

}  // namespace cdp::text
