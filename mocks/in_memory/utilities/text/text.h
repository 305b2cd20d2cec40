#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_TEXT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_TEXT_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// The programs of the text family, by the names of their commands.
int CatMain(Process& process);
int TacMain(Process& process);
int RevMain(Process& process);
int TeeMain(Process& process);
int YesMain(Process& process);
int HeadMain(Process& process);
int TailMain(Process& process);
int WcMain(Process& process);
int CutMain(Process& process);
int PasteMain(Process& process);
int CommMain(Process& process);
int JoinMain(Process& process);
int TrMain(Process& process);
int SeqMain(Process& process);
int NlMain(Process& process);
int FoldMain(Process& process);
int ExpandMain(Process& process);
int UnexpandMain(Process& process);
int ExprMain(Process& process);
int SplitMain(Process& process);
int ShufMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_TEXT_H_
