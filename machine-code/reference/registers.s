# registers(program, arguments[6], found[6]): sets what a function has to keep, calls the
# program, and writes down what it has kept.
.intel_syntax noprefix
push rbx
push rbp
push r12
push r13
push r14
push r15
push rdx
mov rax, rdi
mov r10, rsi
mov rdi, [r10]
mov rsi, [r10+8]
mov rdx, [r10+16]
mov rcx, [r10+24]
mov r8, [r10+32]
mov r9, [r10+40]
mov ebx, 101
mov ebp, 102
mov r12d, 103
mov r13d, 104
mov r14d, 105
mov r15d, 106
call rax
pop rdx
mov [rdx], rbx
mov [rdx+8], rbp
mov [rdx+16], r12
mov [rdx+24], r13
mov [rdx+32], r14
mov [rdx+40], r15
pop r15
pop r14
pop r13
pop r12
pop rbp
pop rbx
ret
