// SPDX-License-Identifier: PostgreSQL
#include "text/phone_plan.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "text/prepare.hpp"

// libphonenumber exports its metadata, a message of protocol buffers, but has no public header for it. Weak:
// where a library does not export it, there is no fast path.
namespace i18n::phonenumbers {
[[gnu::weak]] int metadata_size();
[[gnu::weak]] const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace cdp::text {
namespace {

constexpr unsigned kMostLength = 63;

// The wire format of protocol buffers: pairs of a tag and a value.
// Source: https://protobuf.dev/programming-guides/encoding/
class Fields {
  public:
    explicit Fields(std::string_view message) : rest_(message) {}

    // Advances to the next field. False at the end and when the message is malformed; see `failed`.
    bool next() {
        uint64_t tag = 0;
        if (rest_.empty() || failed_ || !varint(tag)) return false;
        number = static_cast<unsigned>(tag >> 3);
        value = 0;
        bytes = {};
        switch (tag & 7) {
            case 0:
                return varint(value);
            case 1:
                return skip(8);
            case 2:
                return varint(value) && take(value);
            case 5:
                return skip(4);
            default:
                failed_ = true;
                return false;
        }
    }
    bool failed() const { return failed_; }

    unsigned number = 0;
    uint64_t value = 0;
    std::string_view bytes;

    // All numbers of a packed field, or the one of a plain one.
    template <typename Take>
    bool for_each_number(Take take_number) const {
        if (bytes.empty()) {
            take_number(value);
            return true;
        }
        Fields packed(bytes);
        for (uint64_t one = 0; !packed.rest_.empty();) {
            if (!packed.varint(one)) return false;
            take_number(one);
        }
        return true;
    }

  private:
    bool varint(uint64_t& out) {
        out = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_[0]);
            rest_.remove_prefix(1);
            out |= static_cast<uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return true;
        }
        failed_ = true;
        return false;
    }
    bool take(uint64_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            return false;
        }
        bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }
    bool skip(size_t size) {
        const bool done = take(size);
        bytes = {};
        return done;
    }

    std::string_view rest_;
    bool failed_ = false;
};

constexpr PhoneType type_of_part(unsigned part) {
    switch (part) {
        case PhonePlan::kPremiumRate:
            return PhoneType::kPremiumRate;
        case PhonePlan::kTollFree:
            return PhoneType::kTollFree;
        case PhonePlan::kSharedCost:
            return PhoneType::kSharedCost;
        case PhonePlan::kVoip:
            return PhoneType::kVoip;
        case PhonePlan::kPersonalNumber:
            return PhoneType::kPersonalNumber;
        case PhonePlan::kPager:
            return PhoneType::kPager;
        case PhonePlan::kUan:
            return PhoneType::kUan;
        case PhonePlan::kVoicemail:
            return PhoneType::kVoicemail;
        default:
            return PhoneType::kUnknown;
    }
}

}  // namespace

// Fills a plan from a message PhoneMetadata; the numbers of the fields are those of phonemetadata.proto.
class PhonePlanReader {
  public:
    explicit PhonePlanReader(PhonePlan& plan) : plan_(plan) {}

    bool read(std::string_view message) {
        std::string_view international;
        std::string_view national;
        Fields field(message);
        while (field.next()) {
            if (const auto part = part_of_field(field.number)) {
                if (!read_description(field.bytes, *part)) return false;
                continue;
            }
            switch (field.number) {
                case 9:
                    plan_.region_ = field.bytes;
                    break;
                case 10:
                    plan_.country_code_ = static_cast<unsigned>(std::min<uint64_t>(field.value, 1000));
                    break;
                case 11:
                    international = field.bytes;
                    break;
                case 15:
                    national = field.bytes;
                    break;
                case 16:
                    plan_.transform_rule_ = field.bytes;
                    break;
                case 18:
                    plan_.same_fixed_and_mobile_ = field.value != 0;
                    break;
                case 22:
                    plan_.main_ = field.value != 0;
                    break;
                case 23:
                    plan_.patterns_[PhonePlan::kLeadingDigits] = field.bytes;
                    plan_.has_leading_digits_ = true;
                    break;
                default:
                    break;
            }
        }
        if (field.failed() || plan_.country_code_ == 0 || plan_.country_code_ > 999) return false;
        const std::string code = std::to_string(plan_.country_code_);
        std::copy(code.begin(), code.end(), plan_.country_digits_.begin());
        plan_.country_digits_size_ = code.size();
        const uint64_t lengths = plan_.lengths_[PhonePlan::kGeneral];
        if (lengths == 0 || (lengths >> kMostLength) != 0) return false;
        plan_.shortest_ = static_cast<unsigned>(std::countr_zero(lengths));
        plan_.longest_ = static_cast<unsigned>(std::bit_width(lengths)) - 1;
        // An empty expression matches everything, for the library; no plan has one.
        const bool empty =
            (plan_.has_leading_digits_ && plan_.patterns_[PhonePlan::kLeadingDigits].empty()) ||
            (plan_.region_ != "001" && international.empty());
        plan_.usable_ = plan_.usable_ && !empty && plan_.international_prefix_.build(international) &&
                        plan_.national_prefix_.build(national);
        return true;
    }

    bool is_main() const { return plan_.main_; }

  private:
    static std::optional<PhonePlan::Part> part_of_field(unsigned number) {
        static constexpr auto kFields = std::to_array<std::pair<unsigned, PhonePlan::Part>>({
            {1, PhonePlan::kGeneral},
            {2, PhonePlan::kFixedLine},
            {3, PhonePlan::kMobile},
            {4, PhonePlan::kTollFree},
            {5, PhonePlan::kPremiumRate},
            {6, PhonePlan::kSharedCost},
            {7, PhonePlan::kPersonalNumber},
            {8, PhonePlan::kVoip},
            {21, PhonePlan::kPager},
            {25, PhonePlan::kUan},
            {28, PhonePlan::kVoicemail},
        });
        for (const auto& [field, part] : kFields) {
            if (field == number) return part;
        }
        return std::nullopt;
    }

    bool read_description(std::string_view message, PhonePlan::Part part) {
        Fields field(message);
        while (field.next()) {
            if (field.number == 2) plan_.patterns_[part] = field.bytes;
            if (field.number != 9 && field.number != 10) continue;
            uint64_t lengths = 0;
            const bool read = field.for_each_number([&](uint64_t length) {
                // -1 says that there are no numbers of the type: a length that no number has.
                const bool none = static_cast<int64_t>(length) == -1;
                if (!none && length >= kMostLength) plan_.usable_ = false;
                lengths |= uint64_t{1} << (none ? kMostLength : std::min<uint64_t>(length, kMostLength));
            });
            if (!read) return false;
            if (field.number == 9) plan_.lengths_[part] |= lengths;
            if (field.number == 10 && part == PhonePlan::kGeneral) plan_.local_lengths_ |= lengths;
        }
        return !field.failed();
    }

    PhonePlan& plan_;
};

void PhonePlan::build() const {
    DigitAutomaton made;
    if (made.build({patterns_.begin(), patterns_.end()}, 1U << kLeadingDigits)) built_->automaton = made;
}

PhoneType PhonePlan::type_of(unsigned parts, size_t digits) const {
    if (digits >= kMostLength) return PhoneType::kUnknown;
    const auto fits = [&](unsigned part) {
        return (parts >> part & 1) != 0 && (lengths_[part] == 0 || (lengths_[part] >> digits & 1) != 0);
    };
    if (!fits(kGeneral)) return PhoneType::kUnknown;
    for (unsigned part = kPremiumRate; part <= kVoicemail; ++part) {
        if (fits(part)) return type_of_part(part);
    }
    const bool fixed = fits(kFixedLine);
    if (fixed) {
        return same_fixed_and_mobile_ || fits(kMobile) ? PhoneType::kFixedLineOrMobile
                                                       : PhoneType::kFixedLine;
    }
    return !same_fixed_and_mobile_ && fits(kMobile) ? PhoneType::kMobile : PhoneType::kUnknown;
}

PhoneLength PhonePlan::length_of(size_t digits) const {
    if (digits < kMostLength && (local_lengths_ >> digits & 1) != 0) return PhoneLength::kLocalOnly;
    if (digits < shortest_) return PhoneLength::kTooShort;
    if (digits > longest_) return PhoneLength::kTooLong;
    return (lengths_[kGeneral] >> digits & 1) != 0 ? PhoneLength::kPossible : PhoneLength::kWrong;
}

uint32_t PhoneCode::candidates(std::string_view number) const {
    constexpr size_t kDigits = 3;
    const uint32_t all = static_cast<uint32_t>((uint64_t{1} << plans_.size()) - 1);
    if (plans_.size() <= kFew || number.size() < kDigits) return all;
    std::call_once(by_digits_->once, [this] {
        std::vector<uint32_t> made(1000);
        for (size_t begin = 0; begin < made.size(); ++begin) {
            const std::string digits = std::to_string(begin + 1000).substr(1);
            for (size_t i = 0; i < plans_.size(); ++i) {
                // One that cannot be used stays: it sends its numbers to the library.
                if (plans_[i]->may_begin(digits) || !plans_[i]->is_usable()) made[begin] |= uint32_t{1} << i;
            }
        }
        by_digits_->candidates = std::move(made);
    });
    size_t begin = 0;
    for (size_t i = 0; i < kDigits; ++i) begin = begin * 10 + static_cast<size_t>(number[i] - '0');
    return by_digits_->candidates[begin];
}

bool PhonePlans::read(std::string_view metadata) {
    constexpr unsigned kMetadataField = 1;
    Fields field(metadata);
    while (field.next()) {
        if (field.number != kMetadataField) continue;
        if (!PhonePlanReader(plans_.emplace_back()).read(field.bytes)) return false;
    }
    if (field.failed() || plans_.empty()) return false;
    // In the library's order: one that is the main region of its code goes to the front.
    for (PhonePlan& plan : plans_) {
        auto& sharing = by_code_[plan.country_code()].plans_;
        if (sharing.size() == PhoneCode::kMany) return false;
        sharing.insert(PhonePlanReader(plan).is_main() ? sharing.begin() : sharing.end(), &plan);
        const std::string_view region = plan.region();
        if (region.size() == 2 && is_upper(region[0]) && is_upper(region[1])) {
            by_region_[static_cast<size_t>(region[0] - 'A') * 26 + static_cast<size_t>(region[1] - 'A')] =
                &plan;
        } else if (region != "001") {
            return false;
        }
    }
    return true;
}

const PhonePlan* PhonePlans::of_region(std::string_view region) const {
    if (region.size() != 2 || !is_upper(region[0]) || !is_upper(region[1])) return nullptr;
    return by_region_[static_cast<size_t>(region[0] - 'A') * 26 + static_cast<size_t>(region[1] - 'A')];
}

const PhonePlans* PhonePlans::get() {
    static const PhonePlans* const plans = []() -> const PhonePlans* {
        using i18n::phonenumbers::metadata_get;
        using i18n::phonenumbers::metadata_size;
        if (&metadata_get == nullptr || &metadata_size == nullptr || metadata_size() <= 0) return nullptr;
        std::unique_ptr<PhonePlans> made(new PhonePlans);
        const std::string_view bytes(static_cast<const char*>(metadata_get()),
                                     static_cast<size_t>(metadata_size()));
        return made->read(bytes) ? made.release() : nullptr;
    }();
    return plans;
}

}  // namespace cdp::text
