#include <utility>
#include <vector>

#include "conformance/selftest/sabotage.h"

// Defects of an adapter process, whose provider has none; broken_adapter.h has them by their names.
namespace computesdk::conformance {
namespace {

// What it writes that is no answer, or none that anybody can use.
std::vector<Sabotage> AnswerSabotages() {
  return {
      {.name = "adapter-greets",
       .defect = "A library prints its banner to standard output at the start.",
       .reveals = {"adapter.only-messages"},
       .adapter = "greets"},
      {.name = "adapter-logs-to-stdout",
       .defect = "A command that failed is logged to standard output.",
       .reveals = {"adapter.only-messages"},
       .adapter = "logs-to-stdout"},
      {.name = "adapter-sends-requests",
       .defect = "It sends its log as JSON-RPC notifications of its own.",
       .reveals = {"adapter.only-messages"},
       .adapter = "sends-requests"},
      {.name = "adapter-line-cut-in-two",
       .defect = "An answer has a line break in it.",
       .reveals = {"adapter.only-messages", "adapter.every-call-answered"},
       .adapter = "line-cut-in-two"},
      {.name = "adapter-invalid-utf8",
       .defect = "Output is put into the answer byte by byte, whether it is UTF-8 or not.",
       .reveals = {"adapter.only-messages", "adapter.every-call-answered"},
       .adapter = "invalid-utf8"},
      {.name = "adapter-answers-twice",
       .defect = "getById is answered by a callback, and again by a promise.",
       .reveals = {"adapter.answer-ids"},
       .adapter = "answers-twice"},
      {.name = "adapter-another-id",
       .defect = "An answer has an id that no request had.",
       .reveals = {"adapter.answer-ids", "adapter.every-call-answered"},
       .adapter = "another-id"},
      {.name = "adapter-no-id",
       .defect = "An answer is sent like a notification, without an id.",
       .reveals = {"adapter.answer-ids", "adapter.every-call-answered"},
       .adapter = "no-id"},
      {.name = "adapter-id-in-quotes",
       .defect = "The id comes back as a string.",
       .reveals = {"adapter.answer-ids", "adapter.every-call-answered"},
       .adapter = "id-in-quotes"},
      {.name = "adapter-line-over-the-limit",
       .defect = "An answer is a line of more than 64 MiB.",
       .reveals = {"adapter.line-limit"},
       .adapter = "line-over-the-limit"},
      {.name = "adapter-no-answer",
       .defect = "A request is never answered.",
       .reveals = {"adapter.every-call-answered"},
       .adapter = "no-answer"},
      {.name = "adapter-answers-late",
       .defect = "A request is answered when nobody waits for it any more.",
       .reveals = {"adapter.every-call-answered"},
       .adapter = "answers-late"},
      {.name = "adapter-null-for-unknown-methods",
       .defect = "A method that is not known is answered with null.",
       .classes = {"E9"},
       .reveals = {"adapter.unknown-method"},
       .adapter = "null-for-unknown-methods"},
      {.name = "adapter-strict-fields",
       .defect = "Params with a field that is not known are refused.",
       .reveals = {"adapter.unknown-fields"},
       .adapter = "strict-fields"},
      {.name = "adapter-base64-taken-for-text",
       .defect = "Content in base64 is stored as it is where the bytes are plain text.",
       .classes = {"F1"},
       .reveals = {"adapter.bytes-in-either-form"},
       .adapter = "base64-taken-for-text"},
  };
}

// Fields that are missing or of another type: each is the affair of the checks that need it, too.
std::vector<Sabotage> FieldSabotages() {
  return {
      {.name = "adapter-exit-code-in-quotes",
       .defect = "An exit code is a string.",
       .reveals = {"adapter.well-formed"},
       .adapter = "exit-code-in-quotes"},
      {.name = "adapter-no-version",
       .defect = "An answer has no `jsonrpc`.",
       .reveals = {"adapter.well-formed"},
       .adapter = "no-version"},
      {.name = "adapter-created-at-as-number",
       .defect = "createdAt is a number of milliseconds.",
       .reveals = {"adapter.well-formed", "info.*", "create.metadata.*", "create.timeout.reported"},
       .adapter = "created-at-as-number"},
      {.name = "adapter-exists-in-words",
       .defect = "exists answers \"true\" and \"false\".",
       .reveals = {"adapter.well-formed", "filesystem.exists.*"},
       .adapter = "exists-in-words"},
      {.name = "adapter-modified-in-seconds",
       .defect = "lastModified is a number of seconds.",
       .reveals = {"adapter.well-formed", "filesystem.readdir.*"},
       .adapter = "modified-in-seconds"},
      {.name = "adapter-false-left-out",
       .defect = "isDirectory is left out where it is false, as encoders with `omitempty` do.",
       .reveals = {"adapter.well-formed", "filesystem.readdir.*"},
       .adapter = "false-left-out"},
      {.name = "adapter-list-in-object",
       .defect = "list answers {\"sandboxes\": […]}.",
       .reveals = {"adapter.well-formed", "lifecycle.list.*"},
       .adapter = "list-in-object"},
      {.name = "adapter-url-in-object",
       .defect = "getUrl answers {\"url\": …}.",
       .reveals = {"adapter.well-formed", "url.*"},
       .adapter = "url-in-object"},
      {.name = "adapter-mkdir-answers-true",
       .defect = "mkdir answers true.",
       .reveals = {"adapter.well-formed", "filesystem.mkdir.*"},
       .adapter = "mkdir-answers-true"},
      {.name = "adapter-result-left-out",
       .defect = "remove answers without a result: `undefined`, as JSON.stringify has it.",
       .reveals = {"adapter.well-formed", "filesystem.remove.*"},
       .adapter = "result-left-out"},
      {.name = "adapter-error-code-in-words",
       .defect = "The code of an error is the backend's word: \"ENOENT\".",
       .reveals = {"adapter.well-formed", "filesystem.read.missing-not-found"},
       .adapter = "error-code-in-words"},
  };
}

// How its process lives and ends.
std::vector<Sabotage> ProcessSabotages() {
  return {
      {.name = "adapter-dies",
       .defect = "It dies of an error that nobody caught, in the middle of a call.",
       .classes = {"E7"},
       .reveals = {"adapter.stays-alive", "run"},
       .adapter = "dies"},
      {.name = "adapter-dies-within-a-line",
       .defect = "It exits when half an answer is written.",
       .classes = {"E7"},
       .reveals = {"adapter.stays-alive", "run"},
       .adapter = "dies-within-a-line"},
      {.name = "adapter-dies-of-nonsense",
       .defect = "A line that is no JSON ends it.",
       .classes = {"E7"},
       .reveals = {"adapter.survives-nonsense"},
       .adapter = "dies-of-nonsense"},
      {.name = "adapter-stops-reading",
       .defect = "It never reads its input again.",
       .reveals = {"adapter.every-call-answered", "run"},
       .adapter = "stops-reading"},
      {.name = "adapter-hangs-after-slow-call",
       .defect = "All requests wait for ever behind one that was not answered in time.",
       .classes = {"C49", "C62"},
       .reveals = {"adapter.unanswered-call"},
       .adapter = "hangs-after-slow-call"},
      {.name = "adapter-exits-with-1",
       .defect = "It exits with status 1 after `shutdown`.",
       .reveals = {"adapter.shutdown", "run"},
       .adapter = "exits-with-1"},
      {.name = "adapter-ignores-the-end",
       .defect = "Neither `shutdown` nor the end of its input nor SIGTERM ends it.",
       .reveals = {"adapter.shutdown", "adapter.end-of-input", "run"},
       .adapter = "ignores-the-end"},
      {.name = "adapter-outlives-its-input",
       .defect = "The end of its input without `shutdown` does not end it.",
       .classes = {"H7"},
       .reveals = {"adapter.end-of-input"},
       .adapter = "outlives-its-input"},
      {.name = "adapter-leaves-a-child",
       .defect = "A helper process in a session of its own outlives it.",
       .classes = {"H7"},
       .reveals = {"adapter.children"},
       .adapter = "leaves-a-child"},
      {.name = "adapter-leaks-descriptors",
       .defect = "Each getById opens a descriptor that is never closed.",
       .classes = {"H2"},
       .reveals = {"adapter.descriptors"},
       .adapter = "leaks-descriptors"},
  };
}

}  // namespace

std::vector<Sabotage> AdapterSabotages() {
  std::vector<Sabotage> all = AnswerSabotages();
  for (const auto part : {FieldSabotages, ProcessSabotages}) {
    for (Sabotage& sabotage : part()) all.push_back(std::move(sabotage));
  }
  return all;
}

}  // namespace computesdk::conformance
