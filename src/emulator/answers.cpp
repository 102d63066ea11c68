#include "emulator/answers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "emulator/hash.hpp"
#include "emulator/lower_case.hpp"
#include "emulator/turns.hpp"

namespace rellama::emulator {
namespace {

constexpr std::string_view kSky =
    R"(The sky is blue because of the way air scatters sunlight, an effect named after Lord Rayleigh.

Sunlight looks white, but it is a mixture of all the colors of the rainbow. Each color is a wave of its own length: red waves are long, blue waves are short. On their way to us they meet the molecules of the air, nitrogen and oxygen for the most part, which are far smaller than the waves themselves. Particles that small scatter short waves much more strongly than long ones: the strength grows with the fourth power of the frequency, so blue light is scattered about four times as much as red.

So while the red and yellow light travels on almost straight, the blue is thrown from molecule to molecule until it reaches your eye from every direction of the sky. ☀️

Two things follow from this:

1. **Sunsets are red.** In the evening the light crosses far more air, and most of its blue is lost on the way.
2. **The sky is not violet.** Violet scatters even more, but the sun sends less of it, and our eyes are less sensitive to it.)";

constexpr std::string_view kPoem =
    R"(someone(anyone)opened
   a window in the math

and the weights came out
        like

    s
     n
      o
       w

upon a thousand small machines
(yours)and mine and whosever hands
were cold enough to want
a fire they could
                 take apart

who owns a river? nobody
who reads a river? every(body)
forks it
      mends it
            sends it
                  home

o little gradient descending
down your hill of almost rain
you learned to speak because we left
the door
    (the door
        the door)
ajar

and what the many hands have written
the many hands may read again:
a license is a kind of spring
—it says
        go
           on)";

constexpr std::string_view kCode =
    R"text(Here is a small function that does it:

```python
def word_counts(text):
    """Count how often each word occurs."""
    counts = {}
    for word in text.lower().split():
        word = word.strip(".,;:!?\"'()")
        if word:
            counts[word] = counts.get(word, 0) + 1
    return counts


for word, count in sorted(word_counts("a rose is a rose").items()):
    print(f"{word:>8} {count}")
```

How it works:

- `text.lower().split()` cuts the text at white space, so that "Rose" and "rose" count as one word.
- `strip` takes the punctuation off both ends, and a word that was nothing but punctuation is skipped.
- `counts.get(word, 0)` starts every new word at zero, which spares you the question whether it has been seen before.

The time it takes grows with the length of the text, and the memory with the number of *different* words. For a very large file, read it line by line and add to the same dictionary instead of loading all of it at once.)text";

constexpr std::string_view kList =
    R"(Here are some ideas to begin with:

* **Start small.** Choose one thing that takes less than ten minutes and finish it today. A finished small thing teaches more than a large plan.
* **Write it down.** A page of notes, even a messy one, frees your head for the next step and shows you later how far you have come.
* **Ask somebody.** Most people like to be asked about what they know well. Prepare one precise question and you will seldom hear a no.
* **Set a limit.** Decide beforehand how much time or money you want to spend, and stop there to look at the result.
* **Make it easy to go on.** Leave the work at a point where the next step is obvious; you will return to it more gladly. 🌱
* **Look back once a week.** Keep what helped, drop what did not, and change only one thing at a time, or you will not know what made the difference.

If you tell me more about your situation, I can make the list fit it better.)";

constexpr std::string_view kStory =
    R"(The lighthouse at Varn had been dark for eleven years when the llama arrived.

She came up the path in the rain, alone, with a lantern tied to her saddle and no rider. Old Ines, who had kept the light until the ships stopped coming, watched her from the kitchen window and put a second cup on the table, as one does.

“You are late,” said Ines at the door.

The llama lowered her head, and the lantern swung forward. It was lit. It had stayed lit, Ines saw, through forty miles of wind, because the glass had been mended with care by somebody who knew that it would have to travel.

There was a note beneath the wick: *We have built a ship. We cannot see the harbor. Could you?*

Ines read it twice. Then she took the lantern, climbed the hundred and nine steps she had sworn never to climb again, and held the small flame to the great one.

Far out, where nothing had been for eleven years, a horn answered.)";

constexpr std::string_view kGreeting =
    R"(Hello! 👋 It's nice to meet you. I am an emulated language model: what I say is canned, chosen by a few words of your prompt, and it costs nothing.

You can ask me why the sky is blue, for a poem about open source machine learning, for a list of ideas, for a story or for a piece of code. Ask me anything else and you will get a paragraph or two that looks like an answer, so that you can try out your scripts. Is there something you would like to begin with?)";

constexpr std::string_view kGeneralOne =
    R"(That's an interesting question, and the honest answer is that it depends on what you look at first.

If you look at the *whole*, the pieces seem to follow from a plan: each one has its place, and it is hard to imagine it otherwise. If you look at the *pieces*, the whole seems to be an accident: each was made for a reason of its own, often a very local one, and they fit together because those that did not fit were thrown away long ago.

Both views are useful. The first one helps to explain the thing to somebody who has never seen it. The second one helps to change it, because it shows which parts hold the others up and which are only there out of habit.

A good way to find out more is to take the simplest case you can think of and to follow it from beginning to end, writing down each step. Where you have to guess, you have found the question that is worth asking next. It may take an afternoon, but you will understand more than after a week of reading.)";

constexpr std::string_view kGeneralTwo =
    R"(Let me take this step by step.

First, it helps to say precisely what is meant. Many disagreements about this topic come from one word being used for two things: the thing itself, and the name we give to it. Here I mean the thing itself.

Second, consider the usual case. In the usual case nothing surprising happens, and a short rule is enough: do the ordinary thing, check the result, and go on. Perhaps nine out of ten situations are of that kind, which is why the rule has such a good reputation.

Third, consider the edges. They are rare, but they are where the rule fails: when there is nothing at all, when there is far too much, and when two things happen at the same time. It is worth thinking about each of them *before* they happen, for they never happen at a convenient moment — naïve optimism is expensive.

In short: follow the rule, know its limits, and keep a way back. If you have a particular case in mind, describe it and I will go through it with you.)";

constexpr std::array kGeneral{kGeneralOne, kGeneralTwo};

struct Topic {
  std::string_view answer;
  std::array<std::string_view, 5> words;  ///< any of these selects the answer; lower case
};

constexpr std::array kTopics{
    Topic{kSky, {"sky blue", "sky is blue", "blue sky", "color of the sky", "rayleigh"}},
    Topic{kCode, {"function", "python", "program", "script", "code"}},
    Topic{kList, {"list", "ideas", "tips", "suggest", "ways to"}},
    Topic{kStory, {"story", "tale", "novel", "fiction", "once upon"}},
    Topic{kGreeting, {"hello", "hi there", "good morning", "who are you", "hey"}},
};

/// Whether a word in `text` starts with `word`.
bool mentions(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (at == 0 || text[at - 1] < 'a' || text[at - 1] > 'z') return true;
  }
  return false;
}

/// Finds the name in "My name is Ann."
std::optional<std::string> name_in(std::string_view text) {
  constexpr std::string_view kIntroduction = "my name is ";
  const std::size_t at = lower_case(text).rfind(kIntroduction);
  if (at == std::string::npos) return std::nullopt;
  std::string_view name = text.substr(at + kIntroduction.size());
  name = name.substr(0, std::min(name.find_first_of(" \t\r\n.,;:!?[<|"), name.size()));
  if (name.empty()) return std::nullopt;
  return std::string(name);
}

/// Returns the last name given in a user turn. This shows whether a conversation was sent complete,
/// and with each turn under the right role.
std::optional<std::string> last_name_given(std::string_view text) {
  std::optional<std::string> name;
  for (const SeenTurn& turn : read_turns(text)) {
    if (turn.role != Role::user) continue;
    if (auto given = name_in(turn.text)) name = std::move(given);
  }
  return name;
}

/// Lists the turns, one per line, each after its role.
std::string list_turns(std::string_view text) {
  std::string list;
  for (const SeenTurn& turn : read_turns(text)) {
    list.append(list.empty() ? "" : "\n").append(name_of(turn.role)).append(": ");
    list.append(turn.text);
  }
  return list;
}

}  // namespace

std::string_view last_turn(std::string_view text) {
  std::string_view last;
  for (const SeenTurn& turn : read_turns(text)) {
    if (turn.role == Role::user) last = turn.text;
  }
  return last;
}

std::string canned_answer(const SeenPrompt& seen) {
  const std::string turn = lower_case(last_turn(seen.text));
  if (turn.find("who said what") != std::string::npos) return list_turns(seen.text);
  if (mentions(turn, "my name") && turn.find('?') != std::string::npos) {
    if (const auto name = last_name_given(seen.text)) return "Your name is " + *name + ".";
    return "You have not told me your name.";
  }
  if (mentions(turn, "poem")) return std::string(kPoem);
  for (const Topic& topic : kTopics) {
    for (const std::string_view word : topic.words) {
      if (mentions(turn, word)) return std::string(topic.answer);
    }
  }
  return std::string(kGeneral[hash_of(seen.text) % kGeneral.size()]);
}

}  // namespace rellama::emulator
