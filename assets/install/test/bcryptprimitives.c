#include <windows.h>
#include <ntsecapi.h>

/* Programs of Go 1.26 take random numbers from here, which wine 8 does not have. */
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T size) { return RtlGenRandom(to, (ULONG)size); }
